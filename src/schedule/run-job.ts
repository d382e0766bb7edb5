import type { WorkPlace, WorkReport } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ServerError } from "../db/server-error.ts";
import { jobWork, type JobTools } from "./jobs.ts";
import { jobOutput, type Log } from "./log.ts";
import { beginRun, endRun } from "./queries.ts";
import type { OnceJob } from "./results.ts";
import type { Job } from "./settings.ts";
import { unhurried } from "./unhurried.ts";

/** A run that is to be: of which job, for which moment, and who leads. */
export interface WantedRun {
  readonly job: Pick<Job, "name">;
  /** Undefined for a run by hand. */
  readonly dueAt?: Date | undefined;
  readonly missed?: number;
  /** Identity of the session that holds the lock of the leading scheduler. */
  readonly leader?: string;
}

/** Who runs a job, and what it needs. */
export interface Runner {
  readonly tools: JobTools;
  readonly log: Log;
}

/**
 * Runs a job in a session that has nothing else to do, and records it. Returns undefined where it has run for that moment
 * already. Throws DF070 and DF071 as ServerError where it may not begin; and what ended the session, because how the job
 * ended could not be recorded then.
 */
export async function runJob(
  place: WorkPlace,
  { job, dueAt, missed = 0, leader }: WantedRun,
  { tools, log }: Runner,
): Promise<OnceJob | undefined> {
  const given = { job: job.name, due_at: dueAt, missed, leader };
  const [begun] = await beginRun(place.database, given);
  const runId = begun?.run_id ?? undefined;
  if (runId === undefined) return undefined;
  const about = { job: job.name, runId, ...(dueAt && { dueAt: dueAt.toISOString(), missed }) };
  log({ event: "job started", ...about, message: startOf(missed) });
  const began = performance.now();
  const ended = await attempt(job, place, { tools, log });
  const duration = Math.round(performance.now() - began);
  const { result, summary, failures, findings } = ended;
  const said = [...failures, ...findings];
  await endRun(place.database, {
    run_id: runId,
    result,
    summary,
    error: said.length === 0 ? null : said.join("\n"),
  });
  const level = {
    done: "info",
    interrupted: "warning",
    findings: "warning",
    failed: "error",
  } as const;
  log({
    event: "job ended",
    level: level[result],
    ...about,
    ...ended,
    duration,
    message: messageOf(ended, duration),
  });
  return { job: job.name, runId, duration, ...ended };
}

type Ended = Pick<OnceJob, "result" | "summary" | "failures" | "findings">;

async function attempt(
  { name }: Pick<Job, "name">,
  { database, output, signal }: WorkPlace,
  { tools, log }: Runner,
): Promise<Ended> {
  const place = {
    database: unhurried(database, signal),
    output: jobOutput(output, log, name),
    signal,
  };
  try {
    return endedAs(await jobWork[name](place, tools));
  } catch (error) {
    const code = error instanceof CliError ? error.code : undefined;
    if (signal.aborted && (error === signal.reason || code === "INTERRUPTED")) {
      const why =
        "The scheduler was told to stop, or lost the lead; the step in hand was finished.";
      return { result: "interrupted", summary: null, failures: [why], findings: [] };
    }
    if (code === "CONNECTION_LOST") throw error;
    return { result: "failed", summary: null, failures: [explain(error)], findings: [] };
  }
}

function endedAs({ summary, failures, findings }: WorkReport): Ended {
  const lists = { summary, failures: [...failures], findings: [...findings] };
  if (failures.length > 0) return { result: "failed", ...lists };
  return { result: findings.length > 0 ? "findings" : "done", ...lists };
}

/** A bug of one job is no reason to leave the others undone; its stack is what we need of it. */
function explain(error: unknown): string {
  if (error instanceof CliError || error instanceof ServerError)
    return [error.message, error.detail, error.hint].filter(Boolean).join(" ");
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function startOf(missed: number): string {
  return missed === 0 ? "begins" : `begins, and makes good for ${missed} missed before`;
}

function messageOf({ result, summary }: Ended, duration: number): string {
  return `${result} in ${duration} ms${summary === null ? "" : `: ${summary}`}`;
}
