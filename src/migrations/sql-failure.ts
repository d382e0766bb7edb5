import { CliError, type ErrorCode } from "../core/errors.ts";
import { ServerError } from "../db/server-error.ts";
import type { HalfWayError } from "./outside-transaction.ts";
import { indexOfCodePoint, locationAt, type SourceText } from "./source-text.ts";

/** Statements that were sent, and where they stand in their file; no file when they came from the ledger. */
export interface SentStatements {
  readonly name: string;
  readonly sql: string;
  readonly start: number;
  readonly source: SourceText | undefined;
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
  const reasons = [error.message, error.detail, error.hint && `Hint of the server: ${error.hint}`];
  return new CliError(text.code, {
    message: text.message,
    detail: reasons.filter((reason) => reason !== undefined).join("\n"),
    hint: text.hint,
    location: sent && locationOf(error, sent),
    sqlState: error.sqlState,
    cause: error,
  });
}

/** The position is that in the statement which failed; one inside a function's own body is no place in the file. */
function locationOf(
  error: ServerError,
  { sql, start, source }: SentStatements,
): CliError["location"] {
  const position = error.internalQuery === sql ? error.internalPosition : error.position;
  if (source === undefined || position === undefined) return undefined;
  return locationAt(source, start + indexOfCodePoint(sql, position - 1));
}

/** Turns a failure inside a transaction:false migration into an error that says how far it came. */
export function halfWayFailure(
  { error, statement, done }: HalfWayError,
  sent: SentStatements,
): CliError {
  const place = { ...sent, sql: statement.text, start: sent.start + statement.index };
  const before =
    done === 0 ? "Nothing of it was done." : `The ${done} before it are done and stay.`;
  return sqlFailure(error, place, {
    code: "MIGRATION_INTERRUPTED",
    message: `Migration "${sent.name}" stopped at its statement ${done + 1}. ${before}`,
    hint: "Correct the cause; where statements are done, make each of them repeatable (IF NOT EXISTS) or undo them. Then run the command again.",
  });
}
