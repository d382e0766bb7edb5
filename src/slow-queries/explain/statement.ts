import {
  loadSqlParser,
  parseStatements,
  scanTokens,
  SyntaxProblem,
  visitNodes,
  type ParsedStatement,
} from "../../core/sql-parser.ts";
import type { Obstacle } from "./results.ts";

/** A statement with parameters in the place of values. */
export interface Statement {
  /** As the server can read it. */
  readonly text: string;
  /** How many parameters it has. */
  readonly parameters: number;
  /** From 18 on, a list of values has become one. */
  readonly hasSquashedList: boolean;
}

const plannable: ReadonlySet<string> = new Set([
  "SelectStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
]);

/**
 * Reads a text, or returns why it cannot be planned. What is returned is one statement that EXPLAIN only plans: a text
 * with a second one, which the server would execute, is none.
 */
export async function readStatement(text: string): Promise<Statement | Obstacle> {
  await loadSqlParser();
  let parsed: ParsedStatement[];
  try {
    parsed = parseStatements(text);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return {
      name: "unreadable",
      message: `Without its values it is no SQL any more: ${error.message}.`,
      cure: "Put values in the place of $1, $2 and so on, and explain it by hand.",
    };
  }
  const [only] = parsed;
  if (only === undefined || parsed.length > 1) {
    return { name: "unreadable", message: "Its text is not one statement.", cure: null };
  }
  if (!plannable.has(only.kind)) {
    return {
      name: "utility_statement",
      message: "Only SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES have a plan.",
      cure: null,
    };
  }
  return {
    text: castParameters(text),
    parameters: lastParameter(only),
    hasSquashedList: text.includes("/*, ... */"),
  };
}

function lastParameter({ tree }: ParsedStatement): number {
  let last = 0;
  visitNodes(tree, (kind, { number }) => {
    if (kind === "ParamRef" && typeof number === "number") last = Math.max(last, number);
  });
  return last;
}

/** Types that are written before a value, as in date '2026-01-31'. */
const leadingTypes: ReadonlySet<string> = new Set([
  "date",
  "interval",
  "time",
  "timestamp",
  "timestamptz",
]);

/**
 * Writes a value's type behind it where a parameter took the value's place: the server reads "interval '1 day'", and not
 * "interval $1", but "$1::interval".
 */
function castParameters(text: string): string {
  const tokens = scanTokens(text);
  const bytes = Buffer.from(text);
  let end = 0;
  const parts: string[] = [];
  tokens.forEach((token, place) => {
    const type = tokens[place - 1];
    if (!/^\$\d+$/.test(token.text) || !leadingTypes.has(type?.text.toLowerCase() ?? "")) return;
    parts.push(bytes.toString("utf8", end, type?.start), `(${token.text}::${type?.text})`);
    end = token.start + token.text.length;
  });
  return parts.join("") + bytes.toString("utf8", end);
}
