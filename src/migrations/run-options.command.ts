import type { Command } from "commander";
import { readCount, readDuration } from "../core/option-values.ts";
import { defaultRunOptions, type RunOptions } from "./run/run-options.ts";

/** The same as they are given on the command line. */
export interface GivenRunOptions {
  readonly wait?: string;
  readonly lockTimeout?: string;
  readonly lockRetries?: string;
  readonly statementTimeout?: string;
}

/** Declares the options of commands that run migrations. */
export function addRunOptions(command: Command): Command {
  return command
    .option(
      "--wait <duration>",
      "how long to wait for another run; 0 leaves at once (default: 1min)",
    )
    .option(
      "--lock-timeout <duration>",
      "how long a statement waits for a lock; 0 for no limit (default: 3s)",
    )
    .option(
      "--lock-retries <count>",
      "how often to try a migration again that did not get its lock (default: 10)",
    )
    .option(
      "--statement-timeout <duration>",
      "how long each migration may take, and all functions and views together (default: no limit)",
    );
}

/** Reads them; throws USAGE. */
export function readRunOptions(given: GivenRunOptions): RunOptions {
  return {
    wait: readDuration("--wait", given.wait, defaultRunOptions.wait),
    lockTimeout: readDuration("--lock-timeout", given.lockTimeout, defaultRunOptions.lockTimeout),
    lockRetries: readCount("--lock-retries", given.lockRetries, defaultRunOptions.lockRetries),
    statementTimeout: readDuration(
      "--statement-timeout",
      given.statementTimeout,
      defaultRunOptions.statementTimeout,
    ),
  };
}
