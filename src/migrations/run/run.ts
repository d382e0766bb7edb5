import type { Context } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import type { StepWords } from "../../output/steps.ts";
import { followRun, type FollowedRun } from "./follow-run.ts";
import type { Variables } from "../../project/fill-variables.ts";
import type { LockGuard } from "./lock-retry.ts";
import { runSettings, type SettingsSource } from "./run-settings.ts";
import { observeWaits } from "./wait-observer.ts";

/** A run in hand: its session, how far it is, how it treats locks, and the settings that it puts the session back to. */
export interface Run extends LockGuard {
  readonly variables: Variables;
  readonly database: Database;
  readonly followed: FollowedRun;
  readonly settings: Readonly<Record<string, string>>;
}

/** What a run is made of, once the lock is held. */
export interface RunSource extends Pick<Context, "output" | "signal">, SettingsSource {
  readonly database: Database;
  readonly variables: Variables;
}

/** Shows and observes what `use` runs, from its first step to its last. */
export async function withRun<Result>(
  source: RunSource,
  words: StepWords,
  use: (run: Run) => Promise<Result>,
): Promise<Result> {
  const { database, output, signal, options, variables } = source;
  const settings = runSettings(source);
  return followRun({ database, output }, words, async (followed) =>
    observeWaits(database, { followed, lockTimeout: options.lockTimeout }, async (observer) =>
      use({ database, output, signal, options, variables, followed, observer, settings }),
    ),
  );
}
