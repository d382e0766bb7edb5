import type postgres from "postgres";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type {
  SlowQueriesResult,
  SlowQueryResult,
  SnapshotResult,
} from "../../src/slow-queries/results.ts";
import { killBackend } from "../support/backends.ts";
import { killCli, runCli, startCli, type CliResult } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createDoramaflixDatabase,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";
import { runInTerminal } from "../support/terminal.ts";
import { startThrowawayServer, type ThrowawayServer } from "../support/throwaway-server.ts";

/** What is awaited takes longer on a busy machine than the second that is given by default. */
const patience = { timeout: 60_000 };

async function documentOf<Result>(url: string, ...words: string[]): Promise<Result> {
  const { exitCode, stdout, stderr } = await runCli([...words, "--json", "--url", url]);
  expect({ exitCode, error: /error: .*/.exec(stderr)?.[0] }).toEqual({ exitCode: 0 });
  return JSON.parse(stdout) as Result;
}

async function snapshot(url: string): Promise<SnapshotResult> {
  return documentOf(url, "snapshot");
}

async function slowQueries(url: string, ...options: string[]): Promise<SlowQueriesResult> {
  return documentOf(url, "slow-queries", ...options);
}

async function slowQuery(url: string, id: string, database: string): Promise<SlowQueryResult> {
  return documentOf(url, "slow-queries", "--query", id, "--database", database);
}

/** What must be there. */
function known<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("There is none.");
  return value;
}

async function refused(url: string, ...words: string[]): Promise<CliResult> {
  const result = await runCli([...words, "--url", url]);
  expect(result.stderr).toMatch(/hint: \S/);
  return result;
}

async function createEngine(): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await database.sql`create extension pg_stat_statements`;
  return database;
}

/** What the server itself has counted of a statement. */
async function counted(
  sql: postgres.Sql,
  words: string,
): Promise<{ calls: number; time: number; squares: number }> {
  const [row] = await sql<{ calls: number; time: number; squares: number }[]>`
    select calls::float8, total_exec_time as time,
      calls * (mean_exec_time * mean_exec_time + stddev_exec_time * stddev_exec_time) as squares
    from pg_stat_statements
    where query like ${`%${words}%`} and query not like '%pg_stat_statements%'
      and dbid = (select oid from pg_database where datname = current_database())`;
  if (row === undefined) throw new Error(`The server has not counted "${words}".`);
  return row;
}

/** Several sessions that look things up for a while; returns how long a call of the one function took them on average. */
async function work(url: string): Promise<number> {
  const durations: number[] = [];
  const sessions = Array.from({ length: 3 }, () => openSession(url));
  await Promise.all(
    sessions.map(async (sql) => {
      for (let n = 0; n < 8; n += 1) {
        await sql`select * from get_top_content_by_period('daily', 'korean', 10)`;
        await sql`select count(*) as dramas_of_a_year from courses where production_year = ${2000 + n}`;
        const began = performance.now();
        await sql`select next_episode(${n})`;
        durations.push(performance.now() - began);
      }
      await sql.end();
    }),
  );
  return durations.reduce((sum, each) => sum + each, 0) / durations.length;
}

async function defineNextEpisode(sql: postgres.Sql, seconds: number): Promise<void> {
  await sql.unsafe(`
    create or replace function next_episode(n int) returns int language plpgsql
    as $$ begin perform pg_sleep(${seconds}); return n + 1; end $$`);
}

test("a statement made slow in the midst of a workload comes first since then, and as slower by what the sessions measure", async () => {
  const { name, url, sql } = await createDoramaflixDatabase();
  const seeded = await runCli(["seed", "--users", "20", "--url", url, "--project", "."]);
  expect(seeded, seeded.stderr).toMatchObject({ exitCode: 0 });
  await defineNextEpisode(sql, 0.03);
  await snapshot(url);
  const fast = await work(url);
  await sql`select pg_sleep(0.3) as nightly_job`;
  const middle = await snapshot(url);
  const before = await counted(sql, "select next_episode");
  await defineNextEpisode(sql, 0.15);
  const slow = await work(url);
  await sql`select pg_sleep(0.3), 1 as something_new`;

  const id = String(middle.snapshotId);
  const options = ["--since", id, "--compare", id, "--database", name, "--limit", "50"];
  const { statements, comparison, timeline, notes } = await slowQueries(url, ...options);
  const after = await counted(sql, "select next_episode");
  expect(statements).toMatchObject({
    source: "snapshot",
    snapshot: { id: middle.snapshotId, takenAt: middle.takenAt, wantedAt: null },
  });
  const worst = known(statements?.statements[0]);
  const changed = known(comparison).statements;
  expect(worst).toMatchObject({ query: "select next_episode($1)", calls: 24, max: null });
  const calls = after.calls - before.calls;
  const mean = (after.time - before.time) / calls;
  expect(worst.mean).toBeCloseTo(mean, 6);
  const variance = (after.squares - before.squares) / calls - mean * mean;
  expect(worst.standardDeviation).toBeCloseTo(Math.sqrt(variance), 3);

  const changes = new Map(changed.map((each) => [each.query, each]));
  expect(changed[0]).toMatchObject({
    change: "slower",
    query: "select next_episode($1)",
    before: { calls: 24 },
    after: { calls: 24 },
  });
  const factor = known(known(changed[0]).factor);
  // What the sessions measure has the way there and back in it.
  expect(factor / (slow / fast)).toBeGreaterThan(0.6);
  expect(factor / (slow / fast)).toBeLessThan(1.7);
  expect(changes.get("select pg_sleep($1), $2 as something_new")).toMatchObject({ change: "new" });
  expect(changes.get("select pg_sleep($1) as nightly_job")).toMatchObject({ change: "gone" });
  expect(
    changes.has("select count(*) as dramas_of_a_year from courses where production_year = $1"),
  ).toBe(false);
  expect(timeline).toEqual([]);
  expect(notes.map((note) => note.name)).not.toContain("compared_by_text");

  const last = await snapshot(url);
  const whole = await slowQuery(url, worst.queryId, name);
  const [first, second] = whole.history.slice(-2);
  expect(first).toMatchObject({ to: middle.takenAt, calls: 24, wasReset: false });
  expect(second).toMatchObject({ from: middle.takenAt, to: last.takenAt, calls: 24 });
  expect(second?.mean).toBeCloseTo(mean, 6);
  const { timeline: since } = await slowQueries(url, "--since", "1", "--database", name);
  expect(since.map(({ to }) => to)).toEqual([middle.takenAt, last.takenAt]);
  expect(since[1]?.calls).toBeGreaterThanOrEqual(24 * 3);

  const shown = await runCli(["slow-queries", ...options, "--url", url]);
  expect(shown.stdout).toMatch(/slower ×\d/);
  expect(shown.stdout).toContain(`snapshot ${id}`);
}, 240_000);

describe("with a few snapshots", { timeout: 240_000 }, () => {
  let database: TestDatabase;
  let url: string;
  let sql: postgres.Sql;

  beforeAll(async () => {
    database = await createEngine();
    ({ url, sql } = database);
    for (let n = 0; n < 3; n += 1) await snapshot(url);
    await sql`update statement_snapshots set taken_at = now() - (4 - snapshot_id) * interval '1 day'`;
  });

  test("the last one that had been taken by a time is the begin, and it is said how far it is off", async () => {
    for (const [moment, id] of [
      ["25h", 2],
      ["yesterday", 3],
      ["60h", 1],
      [new Date(Date.now() - 2.5 * 86_400_000).toISOString().slice(0, 16), 1],
      ["2", 2],
    ] as const) {
      const { statements } = await slowQueries(url, "--since", moment);
      expect(statements?.snapshot, moment).toMatchObject({ id });
    }
    const { stdout } = await runCli(["slow-queries", "--since", "36h", "--url", url]);
    expect(stdout).toMatch(/since .* UTC \(.*, snapshot 2, 12\.\d h before the time asked for\)/);
  });

  test("what there is not ends with what there is", async () => {
    const early = await refused(url, "slow-queries", "--since", "10d");
    expect(early).toMatchObject({ exitCode: 2 });
    expect(early.stderr).toContain("(SNAPSHOT_MISSING)");
    const again = /hint: .* --since (\S+)/.exec(early.stderr)?.[1] ?? "";
    expect((await slowQueries(url, "--since", again)).statements?.snapshot).toMatchObject({
      id: 1,
    });
    for (const words of [
      ["--since", "99999"],
      ["--compare", "1"],
    ]) {
      const missing = await refused(url, "slow-queries", ...words);
      expect(missing.stderr).toContain("(SNAPSHOT_MISSING)");
    }
    const later = await refused(url, "slow-queries", "--since", "2", "--compare", "3");
    expect(later).toMatchObject({ exitCode: 2 });
    const bare = await createDatabase();
    await bare.sql`create extension pg_stat_statements`;
    for (const words of [["snapshot"], ["slow-queries", "--since", "1h"]]) {
      expect((await refused(bare.url, ...words)).stderr).toContain("(ENGINE_MISSING)");
    }
    const empty = await createEngine();
    const none = await refused(empty.url, "slow-queries", "--since", "1h");
    expect(none.stderr).toContain('"doramaflix-db snapshot"');
  });

  test.skipIf(isMissing("script")).each([80, 160])(
    "on a terminal of %i columns no line is broken within a word",
    async (columns) => {
      await sql.unsafe(`select pg_sleep(0.3), '드라마' as "드라마 ${"x".repeat(150)}"`);
      const given = ["slow-queries", "--url", url, "--since", "2", "--compare", "2"];
      const { screen } = await runInTerminal(given, { columns, cwd: "/" });
      expect(screen).not.toContain("↩");
      expect(screen).toContain("Changes from");
    },
  );

  test("texts that are stored are not read from the server's file", async () => {
    const files = async (): Promise<number> => {
      const [row] = await sql<{ calls: number }[]>`
        select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
        where query like '%where s.queryid is not null%' and query not like '%coalesce%'
          and dbid = (select oid from pg_database where datname = current_database())`;
      return row?.calls ?? 0;
    };
    await sql`select pg_sleep(1) as stored_text`;
    const given = ["--database", database.name, "--limit", "1", "--sort", "mean"];
    const fresh = await slowQueries(url, ...given);
    const before = await files();
    expect(before).toBeGreaterThan(0);
    await snapshot(url);
    await snapshot(url);
    const stored = await slowQueries(url, ...given);
    expect(await files()).toBe(before);
    const [one, other] = [fresh, stored].map((each) => each.statements?.statements[0]);
    expect(other).toMatchObject({ query: one?.query, calls: 1 });
    expect(other?.query).toContain("as stored_text");
    expect(stored.statements?.own.statements).toBeGreaterThan(0);
  });

  test("who may not read them learns what allows it", async () => {
    const user = await createRole("in role pg_read_all_stats");
    const own = urlOf({ database: database.name, user, password: "secret" });
    const taking = await refused(own, "snapshot");
    expect(taking).toMatchObject({ exitCode: 3 });
    expect(taking.stderr).toContain("(SERVER_REFUSED, SQLSTATE 42501)");
    const looking = await refused(own, "slow-queries", "--since", "1d");
    expect(looking).toMatchObject({ exitCode: 3 });
    await sql.unsafe(/GRANT .*;/.exec(looking.stderr)?.[0] ?? "");
    expect((await slowQueries(own, "--since", "1d")).statements?.source).toBe("snapshot");
    await sql.unsafe(`drop owned by ${user}`);
  });

  test("one that is killed while it waits is stored as a whole or not at all, and the next one works", async () => {
    const holder = await holdLock(url, "lock table statement_figures in share mode");
    onTestFinished(async () => holder.release());
    const taking = startCli(["snapshot", "--url", url]);
    const waiting = async (): Promise<number> => {
      const [row] = await sql<{ waiting: number }[]>`
        select count(*)::int as waiting from pg_stat_activity
        where ${holder.pid} = any (pg_blocking_pids(pid)) and datname = current_database()`;
      return row?.waiting ?? 0;
    };
    await vi.waitUntil(async () => (await waiting()) > 0, patience);
    expect(await killCli(taking)).toMatchObject({ signal: "SIGKILL" });
    await holder.release();
    await vi.waitUntil(async () => (await waiting()) === 0, patience);
    const { snapshotId } = await snapshot(url);
    const [row] = await sql`
      select count(*)::int as halves from statement_snapshots s
      where s.entries = 0 or not exists (
        select from statement_figures f where int8range(f.first_snapshot, f.next_snapshot) @> s.snapshot_id)`;
    expect(row).toEqual({ halves: 0 });
    expect((await slowQueries(url, "--since", String(snapshotId))).statements).not.toBe(null);
  });
});

test("across a newer version of the extension, a window has what both count", async () => {
  const { name, url, sql } = await createDatabaseWithEngine();
  await sql`create extension pg_stat_statements version '1.4'`;
  await sql.unsafe("create table stock (amount int)");
  await sql`insert into stock values (1)`;
  const old = await snapshot(url);
  expect(old.notes.map((note) => note.name)).toEqual(["old_extension"]);
  await sql`insert into stock values (2)`;
  await sql`alter extension pg_stat_statements update`;
  await sql`insert into stock values (3)`;
  const options = ["--since", String(old.snapshotId), "--database", name, "--limit", "99"];
  const { statements } = await slowQueries(url, ...options);
  const found = statements?.statements.find(({ query }) => query?.startsWith("insert into stock"));
  expect(found).toMatchObject({ calls: 2, rows: 2, walBytes: null });
  expect(found?.blocksHit).toBeGreaterThan(0);
}, 120_000);

test("a restart is gone over, a crash begins anew, and a standby has no snapshots of its own", async () => {
  const server = await startThrowawayServer();
  const { url } = server;
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  await run(url, "alter system set shared_preload_libraries = 'pg_stat_statements'");
  await server.shutDown();
  await server.start();
  await run(url, "create extension pg_stat_statements", "create table counted_on (n int)");
  const migrated = await runCli(["migrate", "--url", url, "--project", project]);
  expect(migrated, migrated.stderr).toMatchObject({ exitCode: 0 });
  await repeat(url, 2);
  await snapshot(url);
  await repeat(url, 3);
  await server.shutDown();
  await server.start();
  await repeat(url, 4);
  expect(await sinceOne(server)).toEqual({ calls: 7, notes: ["restart"] });
  // A process that dies takes the statistics with it; even a server that is shut down at once writes them.
  const victim = openSession(url);
  const [{ pid } = { pid: 0 }] = await victim<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await killBackend(url, pid);
  await repeat(url, 2);
  expect(await sinceOne(server)).toEqual({ calls: 2, notes: ["reset", "restart"] });

  await run(
    url,
    `do $$ begin execute format('copy (select 1) to %L', current_setting('data_directory') || '/standby.signal'); end $$`,
  );
  await server.shutDown();
  await server.start();
  expect((await refused(url, "snapshot")).stderr).toContain("(SERVER_IS_STANDBY)");
  const looking = await refused(url, "slow-queries", "--since", "1");
  expect(looking.stderr).toContain("(SERVER_CHANGED)");
  // Promoted, it counts on a timeline of its own.
  await run(url, "select pg_promote()");
  expect((await refused(url, "slow-queries", "--since", "1")).stderr).toContain("(SERVER_CHANGED)");
  const { snapshotId } = await snapshot(url);
  await repeat(url, 1);
  expect(await sinceOne(server, snapshotId)).toEqual({ calls: 1, notes: [] });
}, 240_000);

async function run(url: string, ...statements: string[]): Promise<void> {
  const sql = openSession(url);
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

async function repeat(url: string, times: number): Promise<void> {
  await run(url, ...Array.from({ length: times }, () => "select count(*) from counted_on"));
}

async function sinceOne(
  { url }: ThrowawayServer,
  id = 1,
): Promise<{ calls: number | undefined; notes: string[] }> {
  const options = ["--since", String(id), "--limit", "999"];
  const { statements, notes } = await slowQueries(url, ...options);
  const found = statements?.statements.find(({ query }) => query?.includes("counted_on"));
  return { calls: found?.calls, notes: notes.map(({ name }) => name) };
}

test.each([
  ["slow-queries", "--since", "soon"],
  ["slow-queries", "--since", "2026-02-31"],
  ["slow-queries", "--compare", "0s"],
  ["slow-queries", "--since", "1h", "--sample", "1s"],
  ["slow-queries", "--compare", "1h", "--query", "1"],
  ["snapshot", "--keep", "0"],
  ["snapshot", "--keep", "30"],
])("%s %s %s %s %s is an error of usage", async (...words) => {
  const { exitCode, stderr } = await runCli(words);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("USAGE");
});
