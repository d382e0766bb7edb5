/** How patient a run is; times in milliseconds, 0 for no limit. */
export interface RunOptions {
  /** How long it waits for another run; 0 leaves at once. */
  readonly wait: number;
  /** How long a statement waits for a lock. */
  readonly lockTimeout: number;
  /** How often a migration is tried again that did not get its lock. */
  readonly lockRetries: number;
  readonly statementTimeout: number;
}

export const defaultRunOptions: RunOptions = {
  wait: 60_000,
  lockTimeout: 3000,
  lockRetries: 10,
  statementTimeout: 0,
};
