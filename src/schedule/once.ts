import { setTimeout as sleep } from "node:timers/promises";
import type { JobName } from "../config/schedule-schema.ts";
import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { requirePrimary } from "../db/primary.ts";
import { ServerError } from "../db/server-error.ts";
import type { Log } from "./log.ts";
import { Notifier } from "./notify/notifier.ts";
import type { NotifySettings } from "./notify/settings.ts";
import { leader } from "./queries.ts";
import type { OnceJob, OnceResult } from "./results.ts";
import { runJob, type Runner } from "./run-job.ts";
import type { JobSettings } from "./settings.ts";
import { never } from "./unhurried.ts";

export interface OnceInput {
  readonly names: readonly JobName[];
  readonly settings: JobSettings;
  readonly notify: NotifySettings | undefined;
  /** How long to wait for a job that another process runs, in milliseconds. */
  readonly wait: number;
}

/** Runs jobs now, one after the other, and records them; one that fails does not keep the others from it. */
export async function runOnce(context: Context, input: OnceInput): Promise<OnceResult> {
  const maintenance = await context.loadMaintenance();
  const runner = {
    tools: { maintenance, settings: input.settings },
    // What a job has to say is said as by its own command.
    log: () => {},
  };
  return context.withDatabase(async (database) => {
    const [state] = await leader(database).catch((error: unknown) => {
      throw explainMissingEngine(error);
    });
    if (state === undefined) throw new Error("The query for the leader returned no row.");
    requirePrimary({ database: state.database, standby: state.is_standby });
    const jobs: OnceJob[] = [];
    for (const name of input.names) {
      context.signal.throwIfAborted();
      jobs.push(await runPatiently(database, name, { context, runner, wait: input.wait }));
    }
    await tell(context, input.notify);
    return { database: state.database, jobs };
  });
}

/** What could not be told is said to who runs the jobs. */
async function tell(context: Context, settings: NotifySettings | undefined): Promise<void> {
  const log: Log = ({ level, message }) => {
    if (level === "warning") context.output.warn(message);
  };
  const notifier = new Notifier({ context, settings, log });
  notifier.look();
  await notifier.idle();
}

interface Patience {
  readonly context: Context;
  readonly runner: Runner;
  readonly wait: number;
}

async function runPatiently(
  database: Database,
  name: JobName,
  { context: { output, signal }, runner, wait }: Patience,
): Promise<OnceJob> {
  const deadline = performance.now() + wait;
  for (;;) {
    try {
      const ended = await database.beside(never, async (session) =>
        runJob({ database: session, output, signal }, { job: { name } }, runner),
      );
      if (ended === undefined) throw new Error("A run by hand has no moment that it was due.");
      return ended;
    } catch (error) {
      if (!(error instanceof ServerError) || error.sqlState !== "DF071") throw error;
      if (performance.now() > deadline) throw lockedError(wait);
      await sleep(interval, undefined, { signal });
    }
  }
}

/** In milliseconds. */
const interval = 500;

function lockedError(wait: number): CliError {
  return new CliError("LOCKED", {
    message: "Another process is running a job of this database.",
    detail: wait === 0 ? undefined : "It has not ended in the time that --wait gives it.",
    hint: '"doramaflix-db schedule status" shows which. Wait for it to end and run the command again.',
  });
}
