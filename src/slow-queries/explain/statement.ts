import {
  loadSqlParser,
  parseStatements,
  SyntaxProblem,
  visitNodes,
  type ParsedStatement,
} from "../../core/sql-parser.ts";
import type { Obstacle } from "./results.ts";

/** A statement as pg_stat_statements has it, with parameters in the place of values. */
export interface Statement {
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
    text,
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
