import { CliError, type ErrorCode, type SourceLocation } from "../core/errors.ts";
import type { ServerError } from "../db/server-error.ts";
import type { CutStatement } from "./cut-statements.ts";
import type { HalfWayError } from "./outside-transaction.ts";
import { indexOfCodePoint, locationAt, type SourceText } from "./source-text.ts";

/** Statements that were sent, and where they stand in their file; no file when they came from the ledger. */
export interface SentStatements {
  readonly name: string;
  readonly sql: string;
  readonly start: number;
  readonly source: SourceText | undefined;
  /** The one that failed, when the engine has told. */
  readonly failed?: CutStatement | undefined;
}

interface FailureText {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** Turns an error of the server into one that shows the place in the file, when the server named one. */
export function sqlFailure(
  error: ServerError,
  sent: SentStatements | undefined,
  text: FailureText,
): CliError {
  const location = sent && (innerLocation(error, sent) ?? statementLocation(sent));
  const reasons = [...reasonsOf(error, sent), location === undefined && sent && unplaced(sent)];
  const { code, message, hint } = text;
  return new CliError(code, {
    message,
    detail: reasons.filter((reason) => typeof reason === "string").join("\n"),
    hint: needsNoTransaction.has(error.sqlState) ? `${asBefore} ${withoutTransaction}` : hint,
    location,
    sqlState: error.sqlState,
    cause: error,
  });
}

/** Turns a failure inside a transaction:false migration into an error that says how far it came. */
export function halfWayFailure(
  { error, statement, done }: HalfWayError,
  sent: SentStatements,
): CliError {
  const { text: sql, index } = statement;
  const source = sourceOf(sent);
  const start = sent.start + index;
  const at = indexOfCodePoint(sql, (error.position ?? 1) - 1);
  return new CliError("MIGRATION_INTERRUPTED", {
    message: `Migration "${sent.name}" stopped at its statement ${done + 1}. ${whatIsDone(done)}`,
    detail: reasonsOf(error, sent).join("\n"),
    hint: "Correct the cause; where statements are done, make each of them repeatable (IF NOT EXISTS) or undo them. Then run the command again.",
    location: innerLocation(error, { ...sent, sql, start }) ?? locationAt(source, start + at),
    sqlState: error.sqlState,
    cause: error,
  });
}

function whatIsDone(done: number): string {
  if (done === 0) return "Nothing of it was done.";
  return done === 1
    ? "The statement before it is done and stays."
    : `The ${done} before it are done and stay.`;
}

/** SQLSTATEs active_sql_transaction and invalid_transaction_termination. */
const needsNoTransaction = new Set(["25001", "2D000"]);

const asBefore = "The database is as it was before this migration.";

const withoutTransaction =
  'The statement cannot run in a transaction: put it into a migration of its own whose first line is "-- migrate:up transaction:false".';

/** The position is that in the statement that the engine ran, or in one of a DO block that stands in it. */
function innerLocation(error: ServerError, sent: SentStatements): SourceLocation | undefined {
  const { internalQuery: query, internalPosition: position } = error;
  if (query === undefined || position === undefined) return undefined;
  const searched = sent.failed?.text ?? sent.sql;
  const within = searched.indexOf(query);
  // A text that stands there twice gives no place, and one that stands elsewhere, as in a function, neither.
  if (within === -1 || searched.includes(query, within + 1)) return undefined;
  const index = (sent.failed?.start ?? 0) + within + indexOfCodePoint(query, position - 1);
  return locationAt(sourceOf(sent), sent.start + index);
}

/** An error without a position still happened in a statement, whose beginning is shown. */
function statementLocation(sent: SentStatements): SourceLocation | undefined {
  return sent.failed && locationAt(sourceOf(sent), sent.start + sent.failed.index);
}

/** Rollback SQL whose file has changed since is shown as the ledger has it. */
function sourceOf({ name, sql, source }: SentStatements): Pick<SourceText, "path" | "text"> {
  return source ?? { path: `rollback_sql of ${name} in schema_migrations`, text: sql };
}

function unplaced(sent: SentStatements): string {
  return `It happened in ${sourceOf(sent).path}; the server does not say at which statement.`;
}

function reasonsOf(error: ServerError, sent: SentStatements | undefined): string[] {
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
    context.search(/^PL\/pgSQL function (?:public\.)?run_statements\(/m),
  ].filter((index) => index !== -1);
  const calls = context.slice(0, Math.min(...ends, context.length)).trim();
  return calls.length > 1000 ? `${calls.slice(0, 1000)}…` : calls;
}
