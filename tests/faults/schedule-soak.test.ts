// Two schedulers for a while, beside a writer, through SIGKILLs of whoever leads and a restart of the server: every job
// runs at each of its moments, none at the same time as another, and what was broken off is known. It runs where
// TEST_SOAK says for how long.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { expect, test, vi } from "vitest";
import { parseDuration } from "../../src/core/duration.ts";
import { calendarOf } from "../../src/schedule/calendar.ts";
import { killCli, runCli } from "../support/cli.ts";
import { createProject, migration } from "../support/project.ts";
import { startScheduler, type Scheduler } from "../support/scheduler.ts";
import { startThrowawayServer, untilReady } from "../support/throwaway-server.ts";

const given = process.env["TEST_SOAK"];
const duration = parseDuration(given ?? "40s") ?? 0;
const kills = 3;

const times = {
  partitions: "*/3 * * * * *",
  retire: "*/7 * * * * *",
  views: "*/2 * * * * *",
  analyze: "*/5 * * * * *",
  health: "*/10 * * * * *",
} as const;

const schema = `
  create table events (id bigint generated always as identity, at timestamptz not null default now())
    partition by range (at);
  insert into partition_policies (parent, granularity, ahead) values ('events', 'daily', 3);
  create materialized view counted as select count(*) from events;
  insert into matview_policies (view_name, every) values ('counted', '1 second')`;

interface Run {
  readonly job: keyof typeof times;
  readonly due_at: Date;
  readonly missed: number;
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly result: string;
  readonly error: string | null;
}

test.skipIf(given === undefined)(
  "a soak: each moment of each job is accounted for once, and memory stays flat",
  async () => {
    const server = await startThrowawayServer();
    const jobs = { ...times, snapshot: false };
    const project = await createProject({
      "doramaflix-db.json": JSON.stringify({ schedule: { http: false, jobs } }),
      "migrations/001_nothing.sql": migration("select 1"),
    });
    const migrated = await runCli(["migrate", "--url", server.url, "--project", project]);
    expect(migrated).toMatchObject({ exitCode: 0 });
    const open = (): postgres.Sql =>
      postgres(server.url, { max: 1, onnotice: () => {}, fetch_types: false, idle_timeout: 1 });
    const sql = open();
    await sql.unsafe(schema);
    const living = [startScheduler(server.url, project), startScheduler(server.url, project)];
    const memory = new Map<Scheduler, number[]>();
    const ends = Date.now() + duration;
    const over = new AbortController();
    const background = Promise.all([
      write(open(), over.signal),
      observe(() => living, memory, over.signal),
    ]);
    // Three kills and a restart, spread over the time.
    for (let strike = 1; strike <= kills + 1; strike += 1) {
      await sleep(duration / (kills + 2));
      if (strike === 2) {
        await server.shutDownImmediately();
        await server.start();
        await untilReady(server.url);
        continue;
      }
      const leader = await vi.waitUntil(() => living.find(({ events }) => isLeading(events)), {
        timeout: 20_000,
        interval: 20,
      });
      await killCli(leader);
      living.splice(living.indexOf(leader), 1);
      const next = startScheduler(server.url, project);
      living.push(next);
      // A process that has hardly begun does not listen to SIGTERM yet.
      await next.until("started");
    }
    await sleep(Math.max(1000, ends - Date.now()));
    for (const { child } of living) child.kill("SIGTERM");
    const codes = await Promise.all(living.map(async ({ result }) => (await result).exitCode));
    over.abort();
    await background;
    expect(codes).toEqual(living.map(() => 0));

    const runs = await open()<Run[]>`select * from job_runs order by started_at, run_id`;
    expect(runs.filter(({ result }) => result === "failed")).toEqual([]);
    expect(runs.filter(({ result }) => result === "lost").length).toBeLessThanOrEqual(kills + 1);
    for (const job of Object.keys(times) as (keyof typeof times)[])
      expect(unaccounted(job, runs), job).toEqual([]);
    for (const [place, run] of runs.slice(1).entries())
      expect(run.started_at.getTime()).toBeGreaterThanOrEqual(runs[place]?.ended_at.getTime() ?? 0);
    for (const sizes of memory.values()) expect(growthOf(sizes)).toBeLessThan(60);
    process.stdout.write(
      `soak of ${duration / 1000} s: ${runs.length} runs, ${JSON.stringify(count(runs))}, ` +
        `memory in MB ${JSON.stringify([...memory.values()].map((sizes) => [sizes[0], sizes.at(-1)]))}\n`,
    );
  },
  duration + 300_000,
);

/** True from the last time that the process was told to lead until it lost that. */
function isLeading(events: Scheduler["events"]): boolean {
  const last = events.findLast(({ event }) =>
    ["leading", "lead lost", "connection failed", "standing by"].includes(event),
  );
  return last?.event === "leading";
}

/** Returns the runs between which, and the one before, there are more or fewer moments than they say. */
function unaccounted(job: keyof typeof times, runs: readonly Run[]): object[] {
  const own = runs
    .filter((run) => run.job === job)
    .toSorted((one, other) => one.due_at.getTime() - other.due_at.getTime());
  expect(own.length).toBeGreaterThan(2);
  const calendar = calendarOf(times[job], "UTC");
  return own.slice(1).flatMap((run, place) => {
    const before = own[place]?.due_at ?? run.due_at;
    const due = calendar.latest(before, run.due_at);
    // A run that makes good for one that was broken off has no moment of its own.
    const moments = due === undefined ? 0 : due.missed + 1;
    const said = due?.at.getTime() === run.due_at.getTime() ? run.missed + 1 : 0;
    return moments === said ? [] : [{ before, run, moments }];
  });
}

async function write(sql: postgres.Sql, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    // The server is away for a moment.
    await sql`insert into events default values`.catch(() => {});
    await sleep(20);
  }
  await sql.end({ timeout: 1 });
}

/** Notes every second how many megabytes each process has. */
async function observe(
  living: () => readonly Scheduler[],
  memory: Map<Scheduler, number[]>,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    for (const scheduler of living()) {
      const size = residentSize(scheduler.pid);
      if (size !== undefined && scheduler.events.length > 20)
        memory.set(scheduler, [...(memory.get(scheduler) ?? []), size]);
    }
    await sleep(1000);
  }
}

function residentSize(pid: number): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    // The process has just ended, or this system has no /proc.
    return undefined;
  }
}

/** How much more there is at the end than at the beginning. */
function growthOf(sizes: readonly number[]): number {
  return (sizes.at(-1) ?? 0) - (sizes[0] ?? 0);
}

function count(runs: readonly Run[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { job, result } of runs)
    counts[`${job} ${result}`] = (counts[`${job} ${result}`] ?? 0) + 1;
  return counts;
}
