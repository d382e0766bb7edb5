import { setFlagsFromString } from "node:v8";
import type * as LibPgQuery from "libpg-query";

/** A statement of a text: its kind as the parser names it ("IndexStmt"), its tree, and where it stands. */
export interface ParsedStatement {
  readonly kind: string;
  readonly tree: SyntaxNode;
  /** Bounds in the text, in bytes of UTF-8, without the semicolon. */
  readonly start: number;
  readonly length: number;
}

/** A node of PostgreSQL's parse tree: field names of the server's own node types. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** What the parser could not read; `position` counts code points from 0, as far as the parser got. */
export class SyntaxProblem extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "SyntaxProblem";
    this.position = position;
  }
}

let library: typeof LibPgQuery | undefined;

/**
 * Loads the parser, PostgreSQL 18's own compiled to WebAssembly, which takes 60 ms; needed once before the others are
 * called.
 */
export async function loadSqlParser(): Promise<void> {
  if (library === undefined) {
    compileOnce();
    library = await import("libpg-query");
  }
  await library.loadModule();
}

/**
 * Leaves WebAssembly as V8's first compiler writes it. Its second one takes 0.5 s of a processor for the parser's large
 * functions in Node 20 and 3 s in Node 24, and the process cannot end before; what is parsed takes milliseconds.
 */
function compileOnce(): void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
}

function loaded(): typeof LibPgQuery {
  if (library === undefined) throw new Error("The SQL parser is not loaded.");
  return library;
}

/**
 * Stands between texts that are parsed together: a line end for a comment that ends a text, a semicolon that may be
 * missing, and a statement that must be found there, or a string or a comment left open has run over it.
 */
const separator = "\n;\ncheckpoint;\n";
const markerOffset = separator.indexOf("checkpoint");

/**
 * Splits several texts into their statements with one call of the parser, whose start costs more than a small
 * statement: 1,000 migrations take 60 ms instead of 150. Returns undefined where a text is no SQL; each on its own
 * then says what is wrong with it.
 */
export function parseTogether(texts: readonly string[]): ParsedStatement[][] | undefined {
  let rest: ParsedStatement[];
  try {
    rest = parseStatements(texts.join(separator) + separator);
  } catch {
    return undefined;
  }
  const result: ParsedStatement[][] = [];
  let begin = 0;
  let next = 0;
  for (const text of texts) {
    const end = begin + Buffer.byteLength(text);
    const own: ParsedStatement[] = [];
    let each = rest[next];
    for (; each !== undefined && each.start < end + markerOffset; each = rest[(next += 1)]) {
      own.push({ ...each, start: each.start - begin });
    }
    if (each?.start !== end + markerOffset || each.kind !== "CheckPointStmt") return undefined;
    result.push(own);
    next += 1;
    begin = end + separator.length;
  }
  return result;
}

/** Splits a text into its statements; throws SyntaxProblem. */
export function parseStatements(text: string): ParsedStatement[] {
  // The library refuses a text without a character, which holds no statement like one of spaces.
  if (text === "") return [];
  const { stmts } = reporting(() => loaded().parseSync(text));
  return (stmts ?? []).map(({ stmt, stmt_location: start = 0, stmt_len: length = 0 }) => {
    const [kind, tree] = Object.entries(stmt ?? {})[0] ?? ["", {}];
    return { kind, tree: tree as SyntaxNode, start, length };
  });
}

/**
 * Returns the names in a text as they are written, each once, and for a dotted name also each part that begins it:
 * "a.b.c" gives "a", "a.b". Meant for function bodies, which the parser sees as strings; throws SyntaxProblem.
 */
export function namesIn(text: string): string[] {
  const { tokens } = reporting(() => loaded().scanSync(text));
  const names = new Set<string>();
  tokens.forEach((token, place) => {
    if (token.tokenName !== "IDENT" && token.keywordName !== "UNRESERVED_KEYWORD") return;
    names.add(token.text);
    const next = tokens[place + 2];
    if (tokens[place + 1]?.text === "." && next?.tokenName === "IDENT") {
      names.add(`${token.text}.${next.text}`);
    }
  });
  return [...names];
}

/** A token of SQL; `start` is in bytes of UTF-8. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly isComment: boolean;
  /** True for a name that is no keyword, as it is written. */
  readonly isName: boolean;
}

/** Cuts SQL into its tokens; throws SyntaxProblem. */
export function scanTokens(text: string): Token[] {
  // The library refuses a text without a character.
  if (text === "") return [];
  const { tokens } = reporting(() => loaded().scanSync(text));
  return tokens.map((token) => ({
    text: token.text,
    start: token.start,
    isComment: token.tokenName.endsWith("_COMMENT"),
    isName: token.tokenName === "IDENT",
  }));
}

/** True for two texts that differ in comments and white space at most; throws SyntaxProblem. */
export function isSameSql(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => {
    const significant = scanTokens(text).filter(({ isComment }) => !isComment);
    return JSON.stringify(significant.map((token) => token.text));
  });
  return left === right;
}

function reporting<Tree>(parse: () => Tree): Tree {
  try {
    return parse();
  } catch (error) {
    if (error instanceof loaded().SqlError) {
      throw new SyntaxProblem(error.message, error.sqlDetails?.cursorPosition ?? 0);
    }
    // The scanner's own failures are plain errors without a place.
    throw error instanceof SyntaxError ? new SyntaxProblem(error.message, 0) : error;
  }
}

/** Calls `visit` for every node of a tree with the node's kind, parents first. */
export function visitNodes(tree: unknown, visit: (kind: string, node: SyntaxNode) => void): void {
  if (Array.isArray(tree)) {
    for (const each of tree) visitNodes(each, visit);
  } else if (tree !== null && typeof tree === "object") {
    for (const [key, value] of Object.entries(tree)) {
      if (value !== null && typeof value === "object" && !Array.isArray(value))
        visit(key, value as SyntaxNode);
      visitNodes(value, visit);
    }
  }
}
