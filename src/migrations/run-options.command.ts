import type { Command } from "commander";
import { parseDuration } from "../core/duration.ts";
import { CliError } from "../core/errors.ts";
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
    wait: duration("--wait", given.wait, defaultRunOptions.wait),
    lockTimeout: duration("--lock-timeout", given.lockTimeout, defaultRunOptions.lockTimeout),
    lockRetries: retries(given.lockRetries),
    statementTimeout: duration(
      "--statement-timeout",
      given.statementTimeout,
      defaultRunOptions.statementTimeout,
    ),
  };
}

function duration(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new CliError("USAGE", {
    message: `${option} takes a duration with its unit, not "${text}".`,
    hint: `Units are ms, s, min, h and d: ${option} 500ms, ${option} 1.5min.`,
  });
}

function retries(text: string | undefined): number {
  if (text === undefined) return defaultRunOptions.lockRetries;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new CliError("USAGE", {
    message: `--lock-retries takes a whole number from 0 to 9999, not "${text}".`,
    hint: "For example: --lock-retries 3",
  });
}
