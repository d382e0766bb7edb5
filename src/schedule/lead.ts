import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import type { Output } from "../output/output.ts";
import type { Due } from "./calendar.ts";
import { Heart } from "./heart.ts";
import { registerJobs } from "./queries.ts";
import type { Lead } from "./rows.ts";
import { runJob, type Runner } from "./run-job.ts";
import type { OnceJob } from "./results.ts";
import type { Job } from "./settings.ts";
import { never } from "./unhurried.ts";

/** The leading scheduler's work. */
export interface Leading extends Runner {
  readonly jobs: readonly Job[];
  readonly output: Output;
  /** Aborted when the process is to end. */
  readonly stop: AbortSignal;
  /** Told whenever the server has answered. */
  readonly beaten: () => void;
  readonly ended: (job: OnceJob) => void;
}

/** A job, and what it waits for. */
interface Waiting {
  readonly job: Job;
  /** All that was due until then has been run. */
  after: Date;
  /** Its last run is to be made good for. */
  again: boolean;
}

/** SQLSTATEs of begin_job_run(). */
const busy = "DF071";

/**
 * Runs the jobs that are due, one after the other, until the process is to end or the lead is lost; throws what the lead
 * was lost by. The session holds the lock, and another one does the work.
 */
export async function lead(database: Database, first: Lead, work: Leading): Promise<void> {
  const heart = new Heart(database, first, work);
  const over = new AbortController();
  const beating = heart.beat(over.signal);
  try {
    const waiting = await register(database, heart, work);
    while (!work.stop.aborted) {
      heart.lost.throwIfAborted();
      const next = nextDue(waiting, heart.now());
      if (next === undefined) await untilNextSecond(heart, work);
      else await runDue(database, next, { heart, work, leader: first.identity });
    }
  } finally {
    over.abort();
    await beating;
  }
}

/** Waits until nobody works on a job any more, which one that has lost its leader may do to the end of a statement. */
async function register(database: Database, heart: Heart, work: Leading): Promise<Waiting[]> {
  const given = work.jobs.map(({ name, schedule, timeZone }) => ({
    job: name,
    schedule,
    time_zone: timeZone,
  }));
  while (!work.stop.aborted) {
    heart.lost.throwIfAborted();
    try {
      const rows = await registerJobs(database, given);
      return work.jobs.flatMap((job) =>
        rows
          .filter((row) => row.job === job.name)
          .map(({ after, again }) => ({ job, after, again })),
      );
    } catch (error) {
      if (!isBusy(error)) throw error;
      await untilNextSecond(heart, work);
    }
  }
  return [];
}

interface DueJob extends Due {
  readonly waiting: Waiting;
}

/** Returns the job that is due and has waited for longest: a short time must not keep the others from running. */
function nextDue(all: readonly Waiting[], now: Date): DueJob | undefined {
  const due = all.flatMap((waiting): DueJob[] => {
    const found = waiting.job.calendar.latest(waiting.after, now);
    if (found !== undefined) return [{ ...found, waiting }];
    // What has been searched is not searched again.
    if (now > waiting.after) waiting.after = now;
    return waiting.again ? [{ at: now, missed: 0, waiting }] : [];
  });
  const waitedSince = ({ waiting }: DueJob): number => waiting.after.getTime();
  return due.toSorted((one, other) => waitedSince(one) - waitedSince(other))[0];
}

interface DueWork {
  readonly heart: Heart;
  readonly work: Leading;
  readonly leader: string;
}

async function runDue(
  database: Database,
  { waiting, at: dueAt, missed }: DueJob,
  { heart, work, leader }: DueWork,
): Promise<void> {
  const { job } = waiting;
  const signal = AbortSignal.any([work.stop, heart.lost]);
  try {
    const ended = await database.beside(never, async (session) =>
      unlessLost(
        runJob(
          { database: session, output: work.output, signal },
          { job, dueAt, missed, leader },
          work,
        ),
        heart.lost,
      ),
    );
    waiting.after = dueAt;
    waiting.again = false;
    if (ended === undefined)
      work.log({ event: "job skipped", job: job.name, message: "has run for that moment already" });
    else work.ended(ended);
  } catch (error) {
    if (!isBusy(error)) throw error;
    // Somebody runs a job by hand.
    await untilNextSecond(heart, work);
  }
}

/** How long the step in hand may take after the lead was lost, in milliseconds: its session may not answer either. */
const lastStep = 10_000;

async function unlessLost<Result>(run: Promise<Result>, lost: AbortSignal): Promise<Result> {
  const over = new AbortController();
  const gone = new Promise<never>((_, reject) => {
    const abandon = (): void => {
      setTimeout(reject, lastStep, lost.reason).unref();
    };
    lost.addEventListener("abort", abandon, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([run, gone]);
  } finally {
    over.abort();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof ServerError && error.sqlState === busy;
}

/** Jobs are due at whole seconds. */
async function untilNextSecond(heart: Heart, { stop }: Leading): Promise<void> {
  const signal = AbortSignal.any([stop, heart.lost]);
  const rest = 1000 - (heart.now().getTime() % 1000);
  await sleep(rest, undefined, { signal }).catch(() => {});
}
