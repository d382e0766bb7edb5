import { CliError } from "../../core/errors.ts";
import { indexOfCodePoint, locationAt } from "../../core/source-text.ts";
import { placeInFile } from "../../core/variables.ts";
import { innerLocation, reasonsOf, sourceOf, type SentStatements } from "../../db/sql-failure.ts";
import { isLockError } from "../../db/lock-retry.ts";
import { lockReason } from "./lock-retry.ts";
import type { HalfWayError } from "./outside-transaction.ts";
import type { Run } from "./run.ts";

/** Turns a failure inside a transaction:false migration into an error that says how far it came. */
export function halfWayFailure(
  { error, statement, leftovers }: HalfWayError,
  sent: SentStatements,
  { observer, options }: Run,
): CliError {
  const { text: sql, index, place } = statement;
  const at = indexOfCodePoint(sql, (error.position ?? 1) - 1);
  const waited = isLockError(error)
    ? [`It ${lockReason(error, options)}.`, ...observer.seen()]
    : [];
  const cleared = leftovers.map(
    (each) => `It has left something behind; the next run begins with: ${each}`,
  );
  return new CliError("MIGRATION_INTERRUPTED", {
    message: `Migration "${sent.name}" stopped at its statement ${place}. ${whatIsDone(place - 1)}`,
    detail: [...reasonsOf(error, sent), ...waited, ...cleared].join("\n"),
    hint: "Correct the cause, also in this statement and those after it if need be, and run the command again: it goes on with this statement.",
    location:
      innerLocation(error, { ...sent, failed: { text: sql, start: index, index } }) ??
      locationAt(sourceOf(sent), placeInFile(sent, index + at)),
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
