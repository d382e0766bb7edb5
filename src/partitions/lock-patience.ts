/** How long a statement waits for a lock, in milliseconds (0: for ever), and how often it is tried again. */
export interface LockPatience {
  readonly lockTimeout: number;
  readonly lockRetries: number;
}

/**
 * Who waits for our locks waits for no longer than 100 ms at a time; with pauses of a quarter of a second, which double
 * up to two seconds, 20 more attempts take about 30 s.
 */
export const defaultPatience: LockPatience = { lockTimeout: 100, lockRetries: 20 };

export const pauses = { firstPause: 250, longestPause: 2000 };
