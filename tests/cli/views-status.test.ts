import { beforeAll, describe, expect, test } from "vitest";
import type { RecordingResult, StatusResult, ViewStatus } from "../../src/matviews/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { diamond, historyOf, writeRows } from "../support/materialized-views.ts";

async function createDatabaseWith(schema: string): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await database.sql.unsafe(schema);
  return database;
}

async function views({ url }: Pick<TestDatabase, "url">, ...args: string[]): Promise<CliResult> {
  return runCli(["views", ...args, "--url", url]);
}

async function status(database: TestDatabase, ...args: string[]): Promise<StatusResult> {
  const { stdout } = await views(database, "status", ...args, "--json");
  return JSON.parse(stdout) as StatusResult;
}

async function statusOf(database: TestDatabase, view: string): Promise<ViewStatus> {
  const [found] = (await status(database, view)).views;
  if (found === undefined) throw new Error(`"${view}" is not in the result.`);
  return found;
}

async function exitCode(database: TestDatabase, ...args: string[]): Promise<number | null> {
  return (await views(database, "status", "--exit-code", ...args)).exitCode;
}

describe("fresh or stale", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabaseWith(diamond);
  });

  test("what was never refreshed by the toolkit is known as that, and stale where it has a policy", async () => {
    const { views: found, recordsAll } = await status(database);
    expect(recordsAll).toBe(false);
    expect(found.map(({ view, level, needs }) => [view, level, needs])).toEqual([
      ["public.apart", 0, []],
      ["public.low", 0, []],
      ['public."left"', 1, ["public.low"]],
      ['public."right"', 1, ["public.low"]],
      ["public.high", 2, ['public."left"', 'public."right"']],
    ]);
    expect(found[0]).toMatchObject({
      populated: true,
      stale: false,
      policy: null,
      age: null,
      lastRefresh: null,
      changes: { state: "unknown", rows: null, changed: ["public.two"], replaced: [] },
    });
    expect(await exitCode(database)).toBe(0);
    await database.sql`insert into matview_policies (view_name, every, prefer) values ('apart', '1 hour', 'wal')`;
    expect(await statusOf(database, "apart")).toMatchObject({
      stale: true,
      policy: { every: 3_600_000, prefer: "wal" },
    });
    expect(await exitCode(database)).toBe(1);
    expect(await exitCode(database, "low")).toBe(0);
    const { stdout } = await views(database, "status");
    expect(stdout).toMatch(/^apart +stale +not known +1 h +/m);
    expect(stdout).toContain('Never refreshed by the toolkit: apart, low, "left", "right", high.');
  });

  test("after a refresh it is fresh, and the way and who did it are told", async () => {
    await views(database, "refresh");
    const found = await statusOf(database, "apart");
    expect(found).toMatchObject({
      stale: false,
      lastRefresh: {
        by: "doramaflix",
        mode: "swap",
        reason: "no_unique_index",
        usualDuration: null,
        earlier: 0,
      },
      changes: { state: "unchanged", rows: 0, changed: [], replaced: [], alsoWith: [] },
      rows: 20,
      bloat: 1,
      failures: { number: 0, lastError: null },
    });
    expect(found.age).toBeLessThan(60_000);
    expect(await exitCode(database)).toBe(0);
  });

  test("its age counts from when it was last found unchanged", async () => {
    await database.sql`update matview_refreshes set started_at = now() - interval '2 hours' where view_name = 'apart'`;
    expect(await statusOf(database, "apart")).toMatchObject({ stale: true });
    expect((await views(database, "status")).stdout).toContain(
      "Stale: it is to be refreshed every 1 h, and that was 2 h ago.",
    );
    await views(database, "refresh", "apart");
    expect(await statusOf(database, "apart")).toMatchObject({ stale: false });
  });

  test("rows that have changed below are counted, and what was truncated is named", async () => {
    await writeRows(database.sql, "update two set amount = 0 where id < 4");
    expect((await statusOf(database, "apart")).changes).toMatchObject({
      state: "changed",
      rows: 3,
      changed: ["public.two"],
    });
    const whole = await views(database, "status", "apart");
    expect(whole.stdout).toContain("  Below it since: 3 rows changed (two).\n");
    await writeRows(database.sql, "truncate two; insert into one values (50)");
    expect((await statusOf(database, "apart")).changes).toMatchObject({
      state: "replaced",
      replaced: ["public.two"],
    });
    const { stdout } = await views(database, "status");
    expect(stdout).toContain("Below it since: truncated or rewritten: two");
    expect(stdout).toMatch(/^low +rows changed +\d+ s +20 +/m);
  });

  test("failures since the last success are counted, and no others", async () => {
    await database.sql`select record_refresh_failure('low', now() - interval '1 day', 'plain', 'long ago')`;
    expect(await statusOf(database, "low")).toMatchObject({ failures: { number: 0 } });
    await database.sql`select record_refresh_failure('low', clock_timestamp(), 'plain', 'first')`;
    await database.sql`select record_refresh_failure('low', clock_timestamp(), 'plain', 'second')`;
    expect(await statusOf(database, "low")).toMatchObject({
      failures: { number: 2, lastError: "second" },
    });
    expect(await exitCode(database, "low")).toBe(1);
    expect((await views(database, "status")).stdout).toContain(
      "\nlow\n  The last 2 refreshes failed: second\n",
    );
  });

  test("a refresh that took much longer than usual is remarkable", async () => {
    await database.sql`
      insert into matview_refreshes (schema_name, view_name, started_at, duration, mode)
      select 'public', 'high', clock_timestamp() + n * interval '1 ms', make_interval(secs => case n when 12 then 9 else n end), 'plain'
      from generate_series(1, 12) n`;
    expect((await statusOf(database, "high")).lastRefresh).toMatchObject({
      duration: 9000,
      usualDuration: 6500,
      earlier: 10,
    });
    const slow = "update matview_refreshes set duration = '20 s' where duration = '9 s'";
    await database.sql.unsafe(slow);
    const { stdout } = await views(database, "status");
    expect(stdout).toContain("in 20.0 s; the median of the 10 before it is 6.50 s.");
  });

  test("takes no lock: a view that somebody has locked is shown all the same", async () => {
    const holder = await holdLock(database.url, "refresh materialized view apart");
    const found = await statusOf(database, "apart");
    await holder.release();
    expect(found).toMatchObject({ refreshedNowBy: holder.pid, bloat: null });
    expect(found.size).toBeGreaterThan(0);
  });

  test("a policy without a view is named, and one view alone has none of that", async () => {
    await database.sql`insert into matview_policies (schema_name, view_name, every) values ('x', 'gone', '1 day')`;
    expect((await status(database)).policiesWithoutView).toEqual([{ schema: "x", view: "gone" }]);
    expect((await status(database, "low")).policiesWithoutView).toEqual([]);
    expect((await views(database, "status")).stdout).toContain(
      "Policies whose view is gone: x.gone.",
    );
  });
});

test("a view without data is found, in any schema and with any name", async () => {
  const database = await createDatabaseWith(`
    create schema "Other"; create table t (id int);
    create materialized view "Other"."A ""View""" as select id from public.t with no data`);
  const name = '"Other"."A ""View"""';
  expect(await statusOf(database, name)).toMatchObject({ view: name, populated: false });
  expect(await exitCode(database)).toBe(1);
  const { stdout } = await views(database, "status");
  expect(stdout).toMatch(/^"Other"\."A ""View""" +no data +not known/m);
  expect(stdout).toContain("It has no data and cannot be read: refresh it.");
});

describe("what stands in the way of the better ways", () => {
  test("columns that may be unique, single ones first, with a test for duplicates that can be run", async () => {
    const database = await createDatabaseWith(`
      create table t (id int primary key, "Some Code" text unique, a int, b int, unique (a, b));
      insert into t select n, 'code ' || n, n % 2, n from generate_series(1, 6) n;
      create materialized view single as select a, b, id as key, "Some Code" from t;
      create materialized view several as select a, b from t;
      create materialized view joined as select t.id from t, t other;
      create materialized view nothing as select a from t;
      create materialized view has_one as select id from t;
      create unique index on has_one (id)`);
    const keysOf = async (view: string): Promise<string[]> =>
      (await statusOf(database, view)).candidateKeys.map(({ columns }) => columns);
    expect(await keysOf("single")).toEqual(["key", '"Some Code"', "a, b"]);
    expect(await keysOf("several")).toEqual(["a, b"]);
    expect(await keysOf("nothing")).toEqual([]);
    expect(await keysOf("has_one")).toEqual([]);
    const { concurrentIndex, swapObstacles } = await statusOf(database, "has_one");
    expect({ concurrentIndex, swapObstacles }).toEqual({
      concurrentIndex: "public.has_one_id_idx",
      swapObstacles: [],
    });
    const { views: checked } = await status(database, "--check-keys");
    const duplicatesOf = (view: string): (number | null)[] =>
      checked
        .filter((each) => each.view === `public.${view}`)
        .flatMap(({ candidateKeys }) => candidateKeys.map(({ duplicates }) => duplicates));
    expect(duplicatesOf("single")).toEqual([0, 0, 0]);
    // Its column is the key of a table, and repeats all the same.
    expect(duplicatesOf("joined")).toEqual([6]);
    const { candidateKeys } = await statusOf(database, "joined");
    expect(candidateKeys).toMatchObject([{ duplicates: null }]);
    const query = candidateKeys[0]?.duplicatesQuery ?? "";
    expect([...(await database.sql.unsafe(query))]).toHaveLength(6);
    await database.sql`analyze`;
    expect(await keysOf("joined")).toEqual([]);
    for (const { createIndex } of (await statusOf(database, "single")).candidateKeys)
      await database.sql.unsafe(createIndex);
    expect((await statusOf(database, "single")).concurrentIndex).not.toBeNull();
  });

  test("a column whose values are all different is one, whatever it comes from; what has no order is none", async () => {
    const database = await createDatabaseWith(`
      create table t (id int, x int);
      insert into t select n % 5, n from generate_series(1, 100) n;
      create materialized view sums as select id, sum(x) as total, json_build_object('id', id) as document from t group by id;
      analyze`);
    const { candidateKeys } = await statusOf(database, "sums");
    expect(candidateKeys.map(({ columns }) => columns)).toEqual(["id", "total"]);
  });

  test("the columns by which a view groups come first, whatever subqueries group by", async () => {
    const database = await createDatabaseWith(`
      create table t (id int primary key, shop int, day date, amount int);
      insert into t select n, n % 3, date '2026-01-01' + n % 2, n from generate_series(1, 12) n;
      create materialized view sums as
        select sum(amount) as "The Sum", f.shop, f.day as "on"
        from (select shop, day, amount from t group by shop, day, amount, id) f
        group by f.shop, f.day;
      create materialized view hidden as select sum(amount) as sum from t group by shop, day;
      create materialized view sorted as select shop as "a b", count(*) as n from t group by shop order by n`);
    const { views: found } = await status(database, "--check-keys");
    expect(
      found.map(({ view, candidateKeys }) => [
        view,
        candidateKeys.map(({ columns, duplicates }) => [columns, duplicates]),
      ]),
    ).toEqual([
      ["public.hidden", []],
      ["public.sorted", [['"a b"', 0]]],
      ["public.sums", [['shop, "on"', 0]]],
    ]);
  });

  test("what depends on a view keeps it from being swapped, and says so where only a plain refresh is left", async () => {
    const database = await createDatabaseWith(diamond);
    const { swapObstacles } = await statusOf(database, "low");
    expect(swapObstacles).toEqual([
      expect.stringContaining('materialized view public."right" depends on it') as string,
    ]);
    const { stdout } = await views(database, "status");
    expect(stdout).toContain("Cannot be swapped either, so a refresh locks readers out:");
    expect(stdout).toContain("CREATE UNIQUE INDEX CONCURRENTLY ON public.low (id);");
    expect(stdout).not.toContain("CREATE UNIQUE INDEX CONCURRENTLY ON public.apart");
  });
});

describe("record-refreshes", () => {
  test("has refreshes by others recorded, until it is turned off", async () => {
    const database = await createDatabaseWith("create materialized view v as select 1 as id");
    const turn = async (...args: string[]): Promise<RecordingResult> => {
      const { stdout } = await views(database, "record-refreshes", ...args, "--json");
      return JSON.parse(stdout) as RecordingResult;
    };
    expect(await turn()).toMatchObject({ recordsAll: true, changed: true });
    expect(await turn()).toMatchObject({ recordsAll: true, changed: false });
    expect((await status(database)).recordsAll).toBe(true);
    await database.sql`refresh materialized view v`;
    expect(await statusOf(database, "v")).toMatchObject({
      lastRefresh: { mode: null, reason: "by_others", by: "doramaflix" },
      changes: { state: "unknown" },
    });
    expect((await views(database, "status", "v")).stdout).toContain(
      "in an unknown way (not by the toolkit)",
    );
    expect(await turn("--off")).toMatchObject({ recordsAll: false, changed: true });
    await database.sql`refresh materialized view v`;
    expect(await historyOf(database.sql)).toHaveLength(1);
    expect(await turn("--off")).toMatchObject({ changed: false });
  });

  test("who is no superuser is told the statement for one", async () => {
    const role = await createRole();
    const { name, sql } = await createDatabaseWith(
      `grant select on all tables in schema public to ${role}; grant execute on all functions in schema public to ${role}`,
    );
    const url = urlOf({ database: name, user: role, password: "secret" });
    const { exitCode: code, stderr } = await views({ url }, "record-refreshes");
    expect(code).toBe(3);
    expect(stderr).toContain("(SERVER_REFUSED, SQLSTATE 42501)");
    expect(stderr).toContain("SELECT public.set_refresh_recording(true);");
    const rows = await sql`select from pg_event_trigger`;
    expect(rows).toHaveLength(0);
  });
});

test("bad names, no engine, no views", async () => {
  const { exitCode: code, stderr } = await views(await createDatabase(), "status");
  expect(code).toBe(3);
  expect(stderr).toContain("(ENGINE_MISSING)");
  const database = await createDatabaseWith("create table t (id int)");
  const unknown = await views(database, "status", "t");
  expect(unknown).toMatchObject({ exitCode: 2, stdout: "" });
  expect(unknown.stderr).toContain('"t" is no materialized view. (VIEW_NOT_FOUND)');
  const empty = await views(database, "status", "--exit-code");
  expect(empty).toMatchObject({ exitCode: 0, stderr: "" });
  expect(empty.stdout).toBe(`Database "${database.name}" has no materialized view.\n`);
});
