import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../core/errors.ts";
import { ServerError } from "./server-error.ts";

/** How often and after which pauses something is tried again that did not get its lock. */
export interface LockRetry {
  readonly lockRetries: number;
  /** Before the second attempt, in milliseconds; it doubles with each further one. */
  readonly firstPause: number;
  /** The longest that it becomes, in milliseconds. */
  readonly longestPause: number;
  /** Ends a pause when the user interrupts the run. */
  readonly signal: AbortSignal;
}

/** An attempt that did not get its lock, and after which pause, in milliseconds, the next one begins. */
export interface LockFailure {
  readonly error: ServerError | CliError;
  readonly name: string;
  /** How often it has failed under that name. */
  readonly times: number;
  readonly pause: number;
}

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
 * pauses double, with jitter, so that traffic that queued behind us gets through; `failed` is told before each.
 */
export async function retryOnLock<Result>(
  { lockRetries, firstPause, longestPause, signal }: LockRetry,
  attempt: () => Promise<Result>,
  told: {
    readonly nameOf: () => string;
    readonly failed: (failure: LockFailure) => void | Promise<void>;
  },
): Promise<Result> {
  let tried = { name: "", times: 0 };
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const name = told.nameOf();
      tried = { name, times: tried.name === name ? tried.times + 1 : 1 };
      if (!isLockError(error) || tried.times > lockRetries) throw error;
      const pause =
        Math.min(longestPause, firstPause * 2 ** (tried.times - 1)) * (0.5 + Math.random() / 2);
      await told.failed({ error, ...tried, pause });
      // An interrupted pause is over; the next attempt says so.
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }
}
