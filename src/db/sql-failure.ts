import { CliError, type ErrorCode, type SourceLocation } from "../core/errors.ts";
import { indexOfCodePoint, locationAt, type SourceText } from "../core/source-text.ts";
import { placeInFile } from "../core/variables.ts";
import type { ServerError } from "./server-error.ts";

/** A statement with what stands before it; where the text, and in it the statement, begin in the whole. */
interface FailedStatement {
  readonly text: string;
  readonly start: number;
  readonly index: number;
}

/** Statements that were sent, and where they stand in their file; no file when they came from the ledger. */
export interface SentStatements {
  readonly name: string;
  readonly sql: string;
  readonly start: number;
  /** Where `sql` has values in the place of placeholders: returns where a place of it stands in the file. */
  readonly originalIndex?: ((index: number) => number) | undefined;
  readonly source: SourceText | undefined;
  /** The one that failed, when that is known. */
  readonly failed?: FailedStatement | undefined;
}

interface FailureText {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** More lines for the detail. */
  readonly reasons?: readonly string[];
  /** The hint for a statement that does not run in a transaction, if it differs. */
  readonly transactionHint?: string;
}

/** Turns an error of the server into one that shows the place in the file, when the server named one. */
export function sqlFailure(
  error: ServerError,
  sent: SentStatements | undefined,
  text: FailureText,
): CliError {
  const location =
    sent && (innerLocation(error, sent) ?? ownLocation(error, sent) ?? statementLocation(sent));
  const { code, message, hint, reasons: more = [], transactionHint = hint } = text;
  const reasons = [
    ...reasonsOf(error, sent),
    location === undefined && sent && unplaced(sent),
    ...more,
  ];
  return new CliError(code, {
    message,
    detail: reasons.filter((reason) => typeof reason === "string").join("\n"),
    hint: needsNoTransaction.has(error.sqlState) ? transactionHint : hint,
    location,
    sqlState: error.sqlState,
    cause: error,
  });
}

/** SQLSTATEs active_sql_transaction and invalid_transaction_termination. */
const needsNoTransaction = new Set(["25001", "2D000"]);

/** The position is that in the statement that the engine ran, or in one of a DO block that stands in it. */
export function innerLocation(
  error: ServerError,
  sent: SentStatements,
): SourceLocation | undefined {
  const { internalQuery: query, internalPosition: position } = error;
  if (query === undefined || position === undefined) return undefined;
  const searched = sent.failed?.text ?? sent.sql;
  const within = searched.indexOf(query);
  // A text that stands there twice gives no place, and one that stands elsewhere, as in a function, neither.
  if (within === -1 || searched.includes(query, within + 1)) return undefined;
  const index = (sent.failed?.start ?? 0) + within + indexOfCodePoint(query, position - 1);
  return locationAt(sourceOf(sent), placeInFile(sent, index));
}

/** The position in a statement that was sent by itself. */
function ownLocation({ position }: ServerError, sent: SentStatements): SourceLocation | undefined {
  if (position === undefined || sent.failed === undefined) return undefined;
  const { text, start } = sent.failed;
  return locationAt(
    sourceOf(sent),
    placeInFile(sent, start + indexOfCodePoint(text, position - 1)),
  );
}

/** An error without a position still happened in a statement, whose beginning is shown. */
function statementLocation(sent: SentStatements): SourceLocation | undefined {
  return sent.failed && locationAt(sourceOf(sent), placeInFile(sent, sent.failed.index));
}

/** Rollback SQL whose file has changed since is shown as the ledger has it. */
export function sourceOf({ name, sql, source }: SentStatements): Pick<SourceText, "path" | "text"> {
  return source ?? { path: `rollback_sql of ${name} in schema_migrations`, text: sql };
}

function unplaced(sent: SentStatements): string {
  return `It happened in ${sourceOf(sent).path}; the server does not say at which statement.`;
}

export function reasonsOf(error: ServerError, sent: SentStatements | undefined): string[] {
  const { message, detail, hint, context } = error;
  const calls = sent && context && callsIn(context, sent);
  return [
    message,
    detail ?? "",
    hint === undefined ? "" : `Hint of the server: ${hint}`,
    calls ? `Context: ${calls}` : "",
  ].filter((reason) => reason !== "");
}

/** The user's functions that led to an error; below them come the statements as a whole, and the engine's functions. */
function callsIn(context: string, { sql, failed }: SentStatements): string {
  const ends = [
    context.indexOf(`SQL statement "${failed?.text ?? sql}`),
    context.search(
      /^PL\/pgSQL function (?:public\.)?(?:run_statements|build_beside|run_backfill_batch)\(/m,
    ),
  ].filter((index) => index !== -1);
  const calls = context.slice(0, Math.min(...ends, context.length)).trim();
  return calls.length > 1000 ? `${calls.slice(0, 1000)}…` : calls;
}
