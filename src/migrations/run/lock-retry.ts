import type { CliError } from "../../core/errors.ts";
import { retryOnLock as retry } from "../../db/lock-retry.ts";
import type { ServerError } from "../../db/server-error.ts";
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

/** Runs `attempt`, and again while it fails for want of a lock; each failure names who is in the way. */
export async function retryOnLock<Result>(
  { options, output, observer, signal }: LockGuard,
  nameOf: () => string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const { lockRetries } = options;
  return retry(
    { lockRetries, firstPause: 500, longestPause: 5000, signal },
    async () => {
      observer.forget();
      return attempt();
    },
    {
      nameOf,
      failed: ({ error, name, times, pause }) => {
        observer.start();
        output.warn(
          [
            `${name} ${lockReason(error, options)} (attempt ${times} of ${lockRetries + 1}); trying again in ${formatDuration(pause)}.`,
            ...observer.seen(),
          ].join("\n  "),
        );
      },
    },
  );
}

/** Says why a lock was not to be had, as the end of a sentence. */
export function lockReason(
  { sqlState }: Pick<ServerError | CliError, "sqlState">,
  { lockTimeout }: Pick<RunOptions, "lockTimeout">,
): string {
  if (sqlState === "40P01") return "was in a deadlock with another session, and gave way";
  return lockTimeout === 0
    ? "did not get a lock"
    : `did not get a lock within ${formatDuration(lockTimeout)}`;
}
