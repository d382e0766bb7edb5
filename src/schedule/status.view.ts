import type { Page } from "../output/output.ts";
import { table } from "../output/table.ts";
import { formatDuration, formatMoment } from "../output/units.ts";
import type { Run, ScheduleStatus } from "./results.ts";
import { resultWord } from "./words.view.ts";

/** Shows who leads, a line for each job, what failed the last time, and the newest runs that were asked for. */
export function statusView(result: ScheduleStatus, page: Page): string {
  return [
    leaderLine(result, page),
    ...(result.jobs.length === 0 ? [] : ["", jobTable(result, page)]),
    ...result.jobs.flatMap(({ lastRun }) => (lastRun === null ? [] : problemLines(lastRun, page))),
    ...(result.runs.length === 0 ? [] : ["", runTable(result, page)]),
  ].join("\n");
}

function leaderLine({ database, leader, jobs }: ScheduleStatus, { style }: Page): string {
  if (leader !== null) {
    const since = leader.since === null ? "" : ` since ${formatMoment(leader.since)} UTC`;
    const from = leader.address === null ? "this host" : leader.address;
    return `The scheduler of process ${leader.processId}, from ${from}, leads in database "${database}"${since}.`;
  }
  const none = `${style.attention("No scheduler")} runs in database "${database}"`;
  return jobs.length === 0 ? `${none}, and no job has run.` : `${none}.`;
}

function jobTable({ jobs }: ScheduleStatus, page: Page): string {
  return table(
    [
      { heading: "Job" },
      { heading: "Last run" },
      { heading: "Result" },
      { heading: "Took", align: "right", optional: true },
      { heading: "Next" },
      { heading: "Schedule", optional: true },
      { heading: "24 h", align: "right", optional: true },
      { heading: "Failed", align: "right", optional: true },
    ],
    jobs.map(({ job, lastRun, nextAt, overdue, schedule, timeZone, runs, failed }) => [
      job,
      lastRun === null ? "never" : formatMoment(lastRun.startedAt),
      lastRun === null ? "" : resultWord(lastRun.result, page),
      tookOf(lastRun),
      overdue ? page.style.bad("overdue") : nextAt === null ? "" : formatMoment(nextAt),
      schedule === null ? "by hand" : `${schedule} ${timeZone}`,
      String(runs),
      String(failed),
    ]),
    page,
  );
}

function tookOf(run: Run | null): string {
  return run === null || run.duration === null ? "" : formatDuration(run.duration);
}

function problemLines({ job, error }: Run, { style }: Page): string[] {
  return error === null
    ? []
    : ["", style.heading(job), ...error.split("\n").map((line) => `  ${line}`)];
}

function runTable({ runs }: ScheduleStatus, page: Page): string {
  return table(
    [
      { heading: "Job" },
      { heading: "Began" },
      { heading: "Result" },
      { heading: "Took", align: "right" },
      { heading: "Missed", align: "right", optional: true },
      { heading: "Due", optional: true },
    ],
    runs.map((run) => [
      run.job,
      formatMoment(run.startedAt),
      resultWord(run.result, page),
      tookOf(run),
      run.missed === 0 ? "" : String(run.missed),
      formatMoment(run.dueAt),
    ]),
    page,
  );
}
