import type { Command } from "commander";
import { CliError } from "../core/errors.ts";
import { readCount, readDuration } from "../core/option-values.ts";
import { defaultPatience, type LockPatience } from "./lock-patience.ts";

/** The options of commands that lock tables, as they are given on the command line. */
export interface GivenLockOptions {
  readonly lockTimeout?: string;
  readonly lockRetries?: string;
}

/** Declares them. */
export function addLockOptions(command: Command): Command {
  return command
    .option(
      "--lock-timeout <duration>",
      "how long a statement waits for a lock, and others behind it; 0 for no limit (default: 100ms)",
    )
    .option(
      "--lock-retries <count>",
      "how often to try again what did not get its lock (default: 20)",
    );
}

/** Reads them; throws USAGE. */
export function readLockPatience({ lockTimeout, lockRetries }: GivenLockOptions): LockPatience {
  return {
    lockTimeout: readDuration("--lock-timeout", lockTimeout, defaultPatience.lockTimeout),
    lockRetries: readCount("--lock-retries", lockRetries, defaultPatience.lockRetries),
  };
}

/** Reads them for what others would wait behind without an end; throws USAGE for a lock_timeout of 0, too. */
export function readLimitedPatience(given: GivenLockOptions): LockPatience {
  const patience = readLockPatience(given);
  if (patience.lockTimeout > 0) return patience;
  throw new CliError("USAGE", {
    message: "--lock-timeout takes a duration above 0 here.",
    hint: "Others wait behind each attempt for that long: --lock-timeout 100ms",
  });
}
