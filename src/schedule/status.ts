import type { Context } from "../context.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { calendarOf, problemOf, type Calendar } from "./calendar.ts";
import { jobs as readJobs, leader as readLeader, runs as readRuns } from "./queries.ts";
import type { Run, ScheduleStatus } from "./results.ts";
import type { JobRow, Leader, RunRow } from "./rows.ts";

/** A job that has been due for longer, in milliseconds, is overdue; another one may have kept it waiting. */
const tolerance = 600_000;

/** Returns what runs when, how that went the last time, and who does it; changes nothing. */
export async function scheduleStatus(
  { withDatabase }: Pick<Context, "withDatabase">,
  { runs: limit, job = null }: { readonly runs: number; readonly job?: string | null },
): Promise<ScheduleStatus> {
  return withDatabase(async (database) => {
    const [found] = await readLeader(database).catch((error: unknown) => {
      throw explainMissingEngine(error);
    });
    if (found === undefined) throw new Error("The query for the leader returned no row.");
    const rows = await readJobs(database);
    const listed = await readRuns(database, { limit, job });
    return {
      database: found.database,
      leader: leaderOf(found),
      jobs: rows
        .filter((row) => job === null || row.job === job)
        .map((row) => statusOf(row, found.now)),
      runs: listed.flatMap((row) => runOf(row) ?? []),
    };
  });
}

function leaderOf(found: Leader): ScheduleStatus["leader"] {
  if (found.process_id === null) return null;
  return {
    processId: found.process_id,
    user: found.user,
    address: found.client_address,
    since: found.since?.toISOString() ?? null,
  };
}

function statusOf(row: JobRow, now: Date): ScheduleStatus["jobs"][number] {
  const calendar = calendarOfJob(row);
  const after = new Date(Math.max(row.since?.getTime() ?? 0, row.due_at?.getTime() ?? 0));
  const due = calendar?.latest(after, new Date(now.getTime() - tolerance));
  return {
    job: row.job,
    schedule: row.schedule,
    timeZone: row.time_zone,
    nextAt: calendar?.next()?.toISOString() ?? null,
    overdue: due !== undefined,
    lastRun: lastRunOf(row),
    runs: row.runs,
    failed: row.failed,
  };
}

/** Nobody has found out yet that a run is lost whose session is gone. */
function lastRunOf(row: JobRow): Run | null {
  const last = runOf(row);
  if (last === undefined) return null;
  return row.is_abandoned ? { ...last, result: "lost" } : last;
}

/** Another version may have written what this one cannot read. */
function calendarOfJob({ schedule, time_zone: timeZone }: JobRow): Calendar | undefined {
  if (schedule === null || problemOf(schedule) !== undefined) return undefined;
  return calendarOf(schedule, timeZone ?? "UTC");
}

function runOf(row: RunRow): Run | undefined {
  const { job, run_id: runId, due_at: dueAt, started_at: startedAt, ended_at: endedAt } = row;
  if (runId === null || dueAt === null || startedAt === null) return undefined;
  return {
    runId,
    job,
    dueAt: dueAt.toISOString(),
    missed: row.missed ?? 0,
    startedAt: startedAt.toISOString(),
    duration: endedAt === null ? null : endedAt.getTime() - startedAt.getTime(),
    result: (row.result ?? "running") as Run["result"],
    summary: row.summary,
    error: row.error,
  };
}
