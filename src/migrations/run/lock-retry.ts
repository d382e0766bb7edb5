import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../../core/errors.ts";
import { ServerError } from "../../db/server-error.ts";
import type { Output } from "../../output/output.ts";
import { formatDuration } from "../../output/units.ts";
import type { RunOptions } from "./run-options.ts";
import type { WaitObserver } from "./wait-observer.ts";

/** What it takes to try something again that did not get its lock. */
export interface LockGuard {
  readonly options: RunOptions;
  readonly output: Output;
  readonly observer: WaitObserver;
  /** Ends a pause when the user interrupts the run. */
  readonly signal: AbortSignal;
}

/** The longest pause before the next attempt, in milliseconds. */
const longestPause = 5000;

/** SQLSTATEs lock_not_available and deadlock_detected. */
const lockStates: ReadonlySet<string | undefined> = new Set(["55P03", "40P01"]);

/** True for a lock that was not to be had in time, and for a deadlock that the server ended by giving up our part. */
export function isLockError(error: unknown): error is ServerError | CliError {
  return (
    (error instanceof ServerError || error instanceof CliError) && lockStates.has(error.sqlState)
  );
}

/**
 * Runs `attempt`, and again while it fails for want of a lock, at most `lockRetries` times for what `nameOf` returns. The
 * pauses double, with jitter, so that traffic that queued behind us gets through; each failure names who is in the way.
 */
export async function retryOnLock<Result>(
  { options, output, observer, signal }: LockGuard,
  nameOf: () => string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  let tried = { name: "", times: 0 };
  for (;;) {
    observer.forget();
    try {
      return await attempt();
    } catch (error) {
      const name = nameOf();
      tried = { name, times: tried.name === name ? tried.times + 1 : 1 };
      if (!isLockError(error) || tried.times > options.lockRetries) throw error;
      observer.start();
      const pause = Math.min(longestPause, 250 * 2 ** tried.times) * (0.5 + Math.random() / 2);
      const attempts = `attempt ${tried.times} of ${options.lockRetries + 1}`;
      output.warn(
        [
          `${name} ${lockReason(error, options)} (${attempts}); trying again in ${formatDuration(pause)}.`,
          ...observer.seen(),
        ].join("\n  "),
      );
      // An interrupted pause is over; the next attempt says so.
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }
}

/** Says why a lock was not to be had, as the end of a sentence. */
export function lockReason(
  { sqlState }: Pick<ServerError | CliError, "sqlState">,
  { lockTimeout }: RunOptions,
): string {
  if (sqlState === "40P01") return "was in a deadlock with another session, and gave way";
  return lockTimeout === 0
    ? "did not get a lock"
    : `did not get a lock within ${formatDuration(lockTimeout)}`;
}
