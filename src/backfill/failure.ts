import { CliError } from "../core/errors.ts";
import { isLockError } from "../db/lock-retry.ts";
import { ServerError } from "../db/server-error.ts";
import { sqlFailure } from "../db/sql-failure.ts";
import { count, formatDuration, formatMoment } from "../output/units.ts";
import type { FilledStatement } from "./backfill-file.ts";
import type { State } from "./rows.ts";
import type { Work } from "./backfill-work.ts";

/** How far a backfill has come when something ends it. */
export interface Standing {
  readonly batches: number;
  readonly rowsWalked: number;
  readonly doneTo: string | null;
}

export function standingOf({ batches, rows_walked: walked, done_to: doneTo }: State): Standing {
  return { batches: batches ?? 0, rowsWalked: walked ?? 0, doneTo };
}

interface FailedBatch {
  readonly filled: FilledStatement;
  readonly standing: Standing;
  /** What stood before the statement when it was sent. */
  readonly prefix?: string;
}

/** Returns what an error of the server means for a batch; any other error as it is. */
export function batchFailed(
  error: unknown,
  { file, input }: Pick<Work, "file" | "input">,
  { filled, standing, prefix = "" }: FailedBatch,
): unknown {
  // Class 57: somebody ended the statement or the session.
  if (!(error instanceof ServerError) || error.sqlState.startsWith("57P")) return error;
  const where =
    standing.doneTo === null
      ? "It was the first batch, and nothing is changed."
      : `The batch after key ${standing.doneTo} was rolled back; ${count(standing.rowsWalked, "row")} before it are done.`;
  if (isLockError(error)) {
    return new CliError("BACKFILL_FAILED", {
      message: `A batch of backfill "${file.name}" did not get its locks within ${formatDuration(input.lockTimeout)}, however often it was tried.`,
      detail: `${error.message}\n${where}`,
      hint: "Wait for the transactions that hold these rows, or end them; then run the command again: it goes on there.",
      sqlState: error.sqlState,
      cause: error,
    });
  }
  const { statement, sql, originalIndex } = filled;
  const { text, index } = statement;
  const failed = { text: prefix + text, start: index - prefix.length, index };
  return sqlFailure(
    error,
    { name: file.source.path, sql, start: 0, originalIndex, source: file.source, failed },
    {
      code: "BACKFILL_FAILED",
      message: `A batch of backfill "${file.name}" failed.`,
      reasons: [where],
      hint:
        standing.doneTo === null
          ? "Correct the file or the rows, and run the command again."
          : "Remove the cause and run the command again: it goes on there. With a changed statement it does with --accept-changed.",
    },
  );
}

/** The error for a user's Ctrl-C, which lets the batch in hand end. */
export function interrupted({ batches, rowsWalked }: Standing): CliError {
  return new CliError("INTERRUPTED", {
    message: "Interrupted.",
    detail: `${batches === 1 ? "1 batch" : `${batches} batches`} with ${count(rowsWalked, "row")} are done and committed.`,
    hint: "Run the same command again: it goes on there.",
  });
}

/** The error for a file that no longer says what has run. */
export function changed({ file, state }: Pick<Work, "file" | "state">): CliError {
  const { rows_walked: walked, finished_at: finishedAt } = state;
  const has =
    finishedAt === null
      ? `has run for ${count(walked ?? 0, "row")}`
      : `has ended at ${formatMoment(finishedAt.toISOString())} UTC`;
  return new CliError("BACKFILL_CHANGED", {
    message: `"${file.source.path}" is not the statement with which backfill "${file.name}" ${has}.`,
    detail:
      "Its statement, its directives or the value of a variable has changed. Rows before would have another result than those after.",
    hint:
      "Restore the file; or go on with the new statement where the old one stopped: --accept-changed; or walk through " +
      "the whole table with it: --restart. For other work, give the file another name.",
  });
}

/** Returns what an error of the engine about the table or its key means; any other error as it is. */
export function refused(error: unknown): unknown {
  if (!(error instanceof ServerError) || error.sqlState !== "DF080") return error;
  return new CliError("BACKFILL_REFUSED", {
    message: error.message,
    detail: error.detail,
    hint: error.hint,
    sqlState: error.sqlState,
    cause: error,
  });
}
