import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { LogEvent, OnceResult, ScheduleStatus } from "../../src/schedule/results.ts";
import { terminateBackend } from "../support/backends.ts";
import { killCli, runCli } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createDoramaflixDatabase,
  type TestDatabase,
} from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";
import { startScheduler, type Scheduler } from "../support/scheduler.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";

const patience = { timeout: 45_000, interval: 50 };

const off = {
  partitions: false,
  retire: false,
  views: false,
  snapshot: false,
  analyze: false,
  health: false,
};

async function projectWith(jobs: object, others: object = {}): Promise<string> {
  const schedule = { http: false, ...others, jobs: { ...off, ...jobs } };
  return createProject({
    "doramaflix-db.json": JSON.stringify({ schedule }),
    "migrations/001_nothing.sql": migration("select 1"),
  });
}

interface Run {
  readonly job: string;
  readonly result: string | null;
  readonly missed: number;
  readonly error: string | null;
}

async function runsOf({ sql }: Pick<TestDatabase, "sql">): Promise<Run[]> {
  return sql<Run[]>`select job, result, missed, error from job_runs order by started_at`;
}

/** Makes a view that is always stale and takes a while to refresh. */
async function makeSlowView({ sql }: TestDatabase, seconds: number): Promise<void> {
  await sql.unsafe(`
    create materialized view slow as select g, pg_sleep(${seconds})::text from generate_series(1, 1) g;
    insert into matview_policies (view_name, every) values ('slow', '1 millisecond')`);
}

async function untilLeading(schedulers: readonly Scheduler[]): Promise<Scheduler> {
  return vi.waitUntil(
    () => schedulers.find(({ events }) => events.some(({ event }) => event === "leading")),
    patience,
  );
}

/** What runs in the database is tested on each version; how processes take turns does not depend on it. */
const major = process.env["TEST_POSTGRES"] ?? "18";

describe.skipIf(major !== "18")("schedule run", () => {
  test("runs every job, records it, and ends when it is told to", async () => {
    const database = await createDoramaflixDatabase();
    const at = "* * * * * *";
    const project = await projectWith({
      partitions: at,
      retire: at,
      views: at,
      analyze: at,
      health: { at, failOn: "note" },
    });
    const scheduler = startScheduler(database.url, project);
    const names = ["partitions", "retire", "views", "analyze", "health"];
    for (const name of names) await scheduler.until("job ended", name);
    scheduler.child.kill("SIGTERM");
    const { exitCode, stdout, stderr } = await scheduler.result;
    expect([exitCode, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    for (const line of lines) LogEvent.parse(JSON.parse(line));
    // A busy server may refuse for a moment.
    const course = scheduler.events.filter(({ event }) => event !== "connection failed");
    expect(course.map(({ event }) => event).slice(0, 3)).toEqual([
      "started",
      "leading",
      "job started",
    ]);
    expect(scheduler.events.at(-1)?.event).toBe("stopped");
    const runs = await runsOf(database);
    expect(new Set(runs.map(({ job }) => job))).toEqual(new Set(names));
    expect(
      runs.filter(({ result }) => !["done", "findings", "interrupted"].includes(result ?? "")),
    ).toEqual([]);
    const { stdout: shown } = await runCli([
      "schedule",
      "status",
      "--runs",
      "3",
      "--json",
      "--url",
      database.url,
    ]);
    const status = ScheduleStatus.parse(JSON.parse(shown));
    expect(status.leader).toBeNull();
    expect(status.jobs.map(({ job }) => job)).toEqual(names.toSorted());
    expect(status.runs).toHaveLength(3);
  });

  test("when its leader is killed at work, another one takes over within ten seconds, and runs again what was lost", async () => {
    const database = await createDatabaseWithEngine();
    await makeSlowView(database, 2);
    const project = await projectWith({ views: "*/2 * * * * *" });
    const schedulers = [
      startScheduler(database.url, project),
      startScheduler(database.url, project),
    ];
    const leader = await untilLeading(schedulers);
    const other = schedulers.find((each) => each !== leader);
    await other?.until("standing by");
    await leader.until("job started");
    await killCli(leader);
    const killed = performance.now();
    await other?.until("job started");
    expect(performance.now() - killed).toBeLessThan(10_000);
    await other?.until("job ended");
    const runs = await runsOf(database);
    const lost = runs.findIndex(({ result }) => result === "lost");
    expect(runs.filter(({ result }) => result === "lost")).toHaveLength(1);
    expect(runs[lost + 1]).toMatchObject({ job: "views", result: "done" });
  });

  test("of several, one works at any time: also where the session of the leader is ended while its job goes on", async () => {
    const database = await createDatabaseWithEngine();
    await makeSlowView(database, 1.5);
    const project = await projectWith({ views: "* * * * * *" });
    const schedulers = [1, 2, 3].map(() => startScheduler(database.url, project));
    const { sql } = database;
    let ended = 0;
    for (let round = 1; round <= 3; round += 1) {
      const { leader, run } = await vi.waitUntil(async () => {
        const [row] = await sql<{ leader: number; run: number }[]>`
          select schedule_leader() as leader, run_id::int as run
          from job_runs
          where result is null and run_id > ${ended} and schedule_leader() is not null`;
        return row;
      }, patience);
      ended = run;
      await terminateBackend(sql, leader);
      await vi.waitUntil(async () => {
        const [row] = await sql`select schedule_leader() as pid`;
        return row?.["pid"] !== null && row?.["pid"] !== leader;
      }, patience);
    }
    for (const { child } of schedulers) child.kill("SIGTERM");
    expect(
      (await Promise.all(schedulers.map(async ({ result }) => result))).map(
        ({ exitCode }) => exitCode,
      ),
    ).toEqual([0, 0, 0]);
    const [overlaps] = await sql`
      select count(*)::int as number
      from job_runs one join job_runs other on one.run_id < other.run_id
        and tstzrange(one.started_at, one.ended_at) && tstzrange(other.started_at, other.ended_at)`;
    expect(overlaps).toEqual({ number: 0 });
    // The same by what the processes say themselves.
    const works = schedulers.flatMap(({ events }) =>
      events
        .filter(({ event }) => event === "job started")
        .map((started) => ({
          from: started.at,
          to: events.find(({ event, runId }) => event === "job ended" && runId === started.runId)
            ?.at,
        })),
    );
    const sorted = works.toSorted((one, other) => one.from.localeCompare(other.from));
    expect(sorted.length).toBeGreaterThanOrEqual(3);
    const early = sorted
      .slice(1)
      .filter(({ from }, place) => (sorted[place]?.to ?? from).localeCompare(from) > 0);
    expect(early).toEqual([]);
  });

  test("SIGTERM lets the step in hand finish, and begins no other", async () => {
    const database = await createDatabaseWithEngine();
    await makeSlowView(database, 2);
    await database.sql.unsafe(`
      create materialized view slower as select g, pg_sleep(2)::text from generate_series(1, 1) g;
      insert into matview_policies (view_name, every) values ('slower', '1 millisecond')`);
    const project = await projectWith({ views: "* * * * * *" });
    const scheduler = startScheduler(database.url, project);
    await scheduler.until("job started");
    await sleep(500);
    scheduler.child.kill("SIGTERM");
    const { exitCode } = await scheduler.result;
    expect(exitCode).toBe(0);
    expect(await runsOf(database)).toMatchObject([{ result: "interrupted" }]);
    const [row] = await database.sql`
      select count(*)::int as refreshed, count(error)::int as failed from matview_refreshes`;
    expect(row).toEqual({ refreshed: 1, failed: 0 });
  });

  test("what was missed while no scheduler lived runs once", async () => {
    const database = await createDatabaseWithEngine();
    await database.sql`
      insert into scheduled_jobs values ('health', '*/10 * * * *', 'UTC', date_trunc('hour', now()) - interval '61 minutes')`;
    const scheduler = startScheduler(database.url, await projectWith({ health: "*/10 * * * *" }));
    await scheduler.until("job ended", "health");
    const runs = await runsOf(database);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.missed).toBeGreaterThanOrEqual(6);
    expect(runs[0]?.missed).toBeLessThanOrEqual(12);
  });

  test("goes on when its server has been restarted", async () => {
    const server = await startThrowawayServer();
    const project = await projectWith({ partitions: "* * * * * *" });
    const migrated = await runCli(["migrate", "--url", server.url, "--project", project]);
    expect(migrated).toMatchObject({ exitCode: 0 });
    const scheduler = startScheduler(server.url, project);
    await scheduler.until("job ended");
    await server.shutDownImmediately();
    await vi.waitUntil(
      () =>
        scheduler.events.some(({ event }) => ["lead lost", "connection failed"].includes(event)),
      patience,
    );
    await server.start();
    const before = scheduler.events.length;
    await vi.waitUntil(
      () => scheduler.events.slice(before).some(({ event }) => event === "job ended"),
      patience,
    );
    expect(scheduler.events.filter(({ event }) => event === "leading")).toHaveLength(2);
  });

  test("says what is missing where there is no engine", async () => {
    const { url } = await createDatabase();
    const project = await projectWith({ health: "* * * * *" });
    const { exitCode, stderr } = await runCli([
      "schedule",
      "run",
      "--url",
      url,
      "--project",
      project,
    ]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("ENGINE_MISSING")]);
  });

  test("a wrong time in the config file ends it before it begins", async () => {
    const project = await projectWith({ views: "61 * * * *" });
    const { exitCode, stderr } = await runCli(["schedule", "run", "--project", project]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('"61 * * * *" is no time for the job "views"'),
    ]);
  });
});

describe.skipIf(major !== "18")("schedule run over HTTP", () => {
  test("says that it lives, that it is ready, and its figures as Prometheus reads them", async () => {
    const database = await createDoramaflixDatabase();
    const project = await projectWith({ analyze: "* * * * * *" }, { http: { port: 0 } });
    const scheduler = startScheduler(database.url, project);
    const { message } = await scheduler.until("http");
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(message)?.[0] ?? "";
    await scheduler.until("job ended", "analyze");
    const get = async (path: string): Promise<readonly [number, string]> => {
      const response = await fetch(address + path);
      return [response.status, await response.text()];
    };
    expect(await get("/healthz")).toEqual([200, "ok\n"]);
    expect(await get("/readyz")).toEqual([200, "leader\n"]);
    for (const path of ["/", "//", "/metrics/..", "/?/metrics"]) {
      expect(await get(path)).toMatchObject([404, expect.stringContaining("/metrics")]);
    }
    const families = parsePrometheus((await get("/metrics"))[1]);
    const valuesOf = (name: string): readonly Metric[] =>
      families.find((family) => family.name === `doramaflix_${name}`)?.metrics ?? [];
    expect(valuesOf("database_up")).toEqual([{ value: "1" }]);
    expect(valuesOf("scheduler_leads")).toEqual([{ value: "1" }]);
    expect(valuesOf("stale_views")).toEqual([{ value: "0" }]);
    expect(valuesOf("job_last_success")).toEqual([{ value: "1", labels: { job: "analyze" } }]);
    // It runs each second, and may just be running.
    expect(valuesOf("job_running_seconds")).toMatchObject([{ labels: { job: "analyze" } }]);
    const runway = valuesOf("partition_runway_days").find(
      ({ labels }) => labels?.["parent"] === "public.watch_history",
    );
    expect(Number(runway?.value)).toBeGreaterThan(30);
    const ended = valuesOf("jobs_ended_total")[0];
    expect(ended?.labels).toEqual({ job: "analyze", result: "done" });
    expect(Number(ended?.value)).toBeGreaterThan(0);
    await database.sql.begin(async (sql) => {
      await sql`lock table job_runs in access exclusive mode`;
      // What has been read is used again for some seconds.
      await expect
        .poll(async () => get("/metrics"))
        .toMatchObject([200, expect.stringContaining("doramaflix_database_up 0")]);
    });
  });
});

interface Metric {
  readonly value: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const parsePrometheus = createRequire(import.meta.url)("parse-prometheus-text-format") as (
  text: string,
) => readonly { readonly name: string; readonly metrics: readonly Metric[] }[];

describe.skipIf(major !== "18")("schedule export", () => {
  test.skipIf(isMissing("systemd-analyze"))("writes units that systemd accepts", async () => {
    const project = await projectWith({ views: "*/5 * * * *", retire: "30 3 1 * mon" });
    const units = join(project, "units");
    const program = fileURLToPath(new URL("../../bin/doramaflix-db.js", import.meta.url));
    const { exitCode } = await runCli([
      "schedule",
      "export",
      "systemd",
      "--output",
      units,
      "--project",
      project,
      "--program",
      program,
    ]);
    expect(exitCode).toBe(0);
    const names = await readdir(units);
    expect(names).toHaveLength(4);
    const verified = spawnSync("systemd-analyze", [
      "verify",
      ...names.map((name) => join(units, name)),
    ]);
    expect([verified.status, verified.stderr.toString()]).toEqual([0, ""]);
    const time = "Mon *-*-01 03:30:00 UTC";
    expect(await readFile(join(units, "doramaflix-db-retire.timer"), "utf8")).toContain(time);
    expect(spawnSync("systemd-analyze", ["calendar", time]).status).toBe(0);
  });
});

describe.skipIf(major !== "18")("schedule once", () => {
  test("runs jobs and records them, as often as it is asked", async () => {
    const database = await createDoramaflixDatabase();
    const project = await projectWith({});
    const command = ["schedule", "once", "partitions", "analyze", "health", "--url", database.url];
    for (const _ of [1, 2]) {
      const { exitCode, stdout } = await runCli([...command, "--project", project, "--json"]);
      expect(exitCode).toBe(0);
      expect(OnceResult.parse(JSON.parse(stdout)).jobs.map(({ job }) => job)).toEqual([
        "partitions",
        "analyze",
        "health",
      ]);
    }
    expect(await runsOf(database)).toHaveLength(6);
  });

  test("a job that fails is recorded with its reason, and ends with 8", async () => {
    const database = await createDatabaseWithEngine();
    await database.sql.unsafe(`
      create materialized view broken as select 1 / (select count(*) from partition_policies) as n with no data;
      insert into matview_policies (view_name, every) values ('broken', '1 second')`);
    const { exitCode, stdout } = await runCli(["schedule", "once", "views", "--url", database.url]);
    expect(exitCode).toBe(8);
    expect(stdout).toContain("division by zero");
    expect(await runsOf(database)).toMatchObject([
      {
        job: "views",
        result: "failed",
        error: expect.stringContaining("division by zero") as string,
      },
    ]);
    const status = await runCli(["schedule", "status", "--exit-code", "--url", database.url]);
    expect(status.exitCode).toBe(1);
    expect(status.stdout).toContain("division by zero");
  });

  test("waits for a job that runs, and gives up", async () => {
    const database = await createDatabaseWithEngine();
    await database.sql`select begin_job_run('health')`;
    const command = ["schedule", "once", "health", "--wait", "1s", "--url", database.url];
    const { exitCode, stderr } = await runCli(command);
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining("LOCKED")]);
  });

  test("refuses a name that no job has", async () => {
    const { exitCode, stderr } = await runCli(["schedule", "once", "view"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean "views"?')]);
  });
});
