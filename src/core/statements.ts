import type { CliError } from "./errors.ts";
import { parseStatements, SyntaxProblem, type ParsedStatement } from "./sql-parser.ts";
import { skipBlank } from "./comments.ts";
import { invalidFile } from "./invalid-file.ts";
import { indexOfCodePoint, type SourceText } from "./source-text.ts";

/** A statement with its text and where that begins, in UTF-16 units; without the comments before it. */
export interface PlacedStatement extends ParsedStatement {
  readonly text: string;
  readonly index: number;
}

/** Splits SQL into its statements; throws SyntaxProblem. The SQL parser must be loaded. */
export function splitStatements(sql: string): PlacedStatement[] {
  return placeStatements(sql, parseStatements(sql));
}

/** Finds the text of each statement of `sql`. */
export function placeStatements(
  sql: string,
  statements: readonly ParsedStatement[],
): PlacedStatement[] {
  const indexOfByte = byteReader(sql);
  return statements.map(({ kind, tree, start, length }) => {
    // The parser's bounds begin with the white space and comments before the statement.
    const index = skipBlank(sql, indexOfByte(start));
    // The last statement may have no semicolon, and then has no length.
    const end = length === 0 ? sql.length : indexOfByte(start + length);
    return { kind, tree, start, length, index, text: sql.slice(index, end) };
  });
}

/** Turns places in bytes of UTF-8 into places in UTF-16 units; each place must be at or after the one before. */
export function byteReader(text: string): (byte: number) => number {
  const bytes = Buffer.from(text);
  let last = 0;
  let index = 0;
  return (byte) => {
    index += bytes.toString("utf8", last, byte).length;
    last = byte;
    return index;
  };
}

/** Where SQL begins in its file, and how its places are those of the file. */
interface FilePlace {
  readonly start: number;
  readonly originalIndex?: ((index: number) => number) | undefined;
}

/** The same for SQL of a file; throws an error that shows the place in that file. */
export function statementsIn(
  source: SourceText,
  sql: string,
  place: number | FilePlace,
): PlacedStatement[] {
  try {
    return splitStatements(sql);
  } catch (error) {
    throw error instanceof SyntaxProblem
      ? syntaxError(error, {
          source,
          sql,
          ...(typeof place === "number" ? { start: place } : place),
        })
      : error;
  }
}

interface PlacedSql extends FilePlace {
  readonly source: SourceText;
  readonly sql: string;
}

function syntaxError(problem: SyntaxProblem, placed: PlacedSql): CliError {
  const { source, sql, start, originalIndex = (place) => place } = placed;
  const index = indexOfCodePoint(sql, problem.position);
  const copy = copyFromClientBefore(sql, index);
  if (copy !== undefined) {
    return invalidFile("MIGRATION_STATEMENT_FORBIDDEN", source, {
      index: start + originalIndex(copy.index),
      ...copyWithoutClient,
    });
  }
  const text = sql[index] === "\\" ? psqlCommand(source) : unreadable(problem);
  return invalidFile("MIGRATION_SYNTAX", source, { index: start + originalIndex(index), ...text });
}

/** What is said of COPY FROM STDIN and COPY TO STDOUT. */
export const copyWithoutClient = {
  message: "COPY from STDIN or to STDOUT has no client here to read from or to write to.",
  hint: "Write the rows as INSERT, or load them with psql.",
};

function psqlCommand({ path }: SourceText): { message: string; hint: string } {
  const migrated = path.startsWith("migrations/")
    ? "; or run this script with psql, and let it end with: SELECT apply_migration('VERSION', 'DESCRIPTION');"
    : ".";
  return {
    message: "This is a command of psql, not SQL.",
    hint: `Write the statements that it stands for${migrated}`,
  };
}

function unreadable({ message }: SyntaxProblem): { message: string; hint: string } {
  return {
    message: `${shortened(message.charAt(0).toUpperCase() + message.slice(1))}.`,
    hint: "Correct the statement; nothing has been run.",
  };
}

/** A string without end is quoted up to the end of the file. */
function shortened(message: string): string {
  const [line = ""] = message.split("\n", 1);
  const short = Array.from(line.slice(0, 200)).slice(0, 100).join("");
  return short === message ? message : `${short}…"`;
}

/** The rows after a COPY are what the parser stumbles over; the culprit is the statement before them. */
function copyFromClientBefore(sql: string, index: number): PlacedStatement | undefined {
  const end = sql.lastIndexOf(";", index) + 1;
  // Parsing again what may be 10 MB takes seconds, so not without a reason.
  if (!/\bstdin\b/i.test(sql.slice(Math.max(0, end - 1000), end))) return undefined;
  try {
    const last = splitStatements(sql.slice(0, end)).at(-1);
    return last !== undefined && isCopyWithClient(last) ? last : undefined;
  } catch {
    return undefined;
  }
}

/** True for COPY with STDIN or STDOUT, which has no file name. */
export function isCopyWithClient({ kind, tree }: ParsedStatement): boolean {
  return kind === "CopyStmt" && tree["filename"] === undefined;
}
