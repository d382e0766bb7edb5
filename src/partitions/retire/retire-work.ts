import { retryOnLock } from "../../db/lock-retry.ts";
import type { Database } from "../../db/database.ts";
import type { Output } from "../../output/output.ts";
import { formatDuration } from "../../output/units.ts";
import { pauses, type LockPatience } from "../lock-patience.ts";

/** How patient a run is; a lock is waited for in short transactions only. Times in milliseconds. */
export interface RetirePatience extends LockPatience {
  /** How much longer it waits for old transactions and for another run. */
  maxWait: number;
}

/** What the steps of a run share: its session, and whom it tells. */
export interface RetireWork {
  readonly database: Database;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly patience: RetirePatience;
}

/** Runs `attempt`, and again while it does not get its lock; each failure is told. */
export async function withLockRetry<Result>(
  { output, signal, patience }: RetireWork,
  name: string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const { lockRetries, lockTimeout } = patience;
  return retryOnLock({ ...pauses, lockRetries, signal }, attempt, {
    nameOf: () => name,
    failed: ({ times, pause }) => {
      output.warn(
        `"${name}" did not get its lock within ${formatDuration(lockTimeout)} ` +
          `(attempt ${times} of ${lockRetries + 1}); trying again in ${formatDuration(pause)}.`,
      );
    },
  });
}
