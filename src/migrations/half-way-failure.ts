import { CliError } from "../core/errors.ts";
import { indexOfCodePoint, locationAt } from "../core/source-text.ts";
import { innerLocation, reasonsOf, sourceOf, type SentStatements } from "../db/sql-failure.ts";
import type { HalfWayError } from "./outside-transaction.ts";

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
