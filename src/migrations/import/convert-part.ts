import { invalidFile } from "../../core/invalid-file.ts";
import { statementsIn, type PlacedStatement } from "../../core/statements.ts";
import { needsNoTransaction, refusalOf } from "../../project/statement-rules.ts";
import type { ForeignPart, ImportTool } from "./tool.ts";

/** The statements of one direction as they may stand in a migration of ours. */
export interface ConvertedPart {
  readonly sql: string;
  readonly transaction: boolean;
  /** What was changed, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Takes a transaction that is wrapped around all of it off, and finds out whether it can run in one of ours; undefined
 * when there is no statement in it. Throws what our own files are refused for, with the place in the other tool's file.
 */
export function convertPart(
  part: ForeignPart,
  { tidy }: Pick<ImportTool, "tidy">,
): ConvertedPart | undefined {
  const { source, sql, start } = part;
  const all = statementsIn(source, sql, start);
  const wrapped = isWrapped(all);
  const statements = wrapped ? all.slice(1, -1) : all;
  if (statements.length === 0) return undefined;
  const alone = statements.some(needsNoTransaction);
  const transaction = !alone && (part.transaction || wrapped);
  refuseForbidden(part, statements, transaction);
  return {
    sql: asText(tidy(wrapped ? withoutEnds(sql, all) : sql)).trim(),
    transaction,
    notes: [...(wrapped ? [unwrapped] : []), ...(alone && part.transaction ? [withoutOne] : [])],
  };
}

const unwrapped = "BEGIN and COMMIT around it were taken out.";
const withoutOne =
  "It runs without a transaction, because PostgreSQL refuses one of its statements in one.";

function refuseForbidden(
  { source, sql, start }: ForeignPart,
  statements: readonly PlacedStatement[],
  transaction: boolean,
): void {
  for (const statement of statements) {
    const refusal = refusalOf(statement, { sql, start, transaction });
    if (refusal !== undefined) {
      const index = start + statement.index;
      throw invalidFile("IMPORT_FILES_UNUSABLE", source, { index, ...refusal });
    }
  }
}

/** True when the first statement begins a transaction, the last one commits it, and both are plain. */
function isWrapped(statements: readonly PlacedStatement[]): boolean {
  const [first, last] = [statements[0], statements.at(-1)];
  return (
    isPlain(first, ["TRANS_STMT_BEGIN", "TRANS_STMT_START"]) && isPlain(last, ["TRANS_STMT_COMMIT"])
  );
}

function isPlain(statement: PlacedStatement | undefined, kinds: readonly string[]): boolean {
  if (statement?.kind !== "TransactionStmt") return false;
  const { kind, options, chain } = statement.tree;
  return kinds.includes(String(kind)) && options === undefined && chain !== true;
}

function withoutEnds(sql: string, statements: readonly PlacedStatement[]): string {
  const [first, last] = [statements[0], statements.at(-1)];
  if (first === undefined || last === undefined) return sql;
  // A statement's text ends before its semicolon, which is no part of it.
  const afterOf = ({ index, text }: PlacedStatement): string =>
    sql.slice(index + text.length).replace(/^;[ \t]*\n?/, "");
  const middle = sql.slice(first.index + first.text.length, last.index).replace(/^;[ \t]*\n?/, "");
  return `${sql.slice(0, first.index)}${middle}${afterOf(last)}`;
}

/** A line that would be a directive of ours stays a comment with a space before it. */
export function asText(sql: string): string {
  return sql.replaceAll(/^(?=-- migrate:)/gm, " ");
}
