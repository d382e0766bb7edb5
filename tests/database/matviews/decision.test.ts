import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";
import { withSession } from "../../../src/db/session.ts";
import { readViews } from "../../../src/matviews/read-views.ts";
import { decide, refresh, type Decision } from "./views.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

/** A view of 20,000 rows with a unique index, and one of 100. */
beforeEach(async () => {
  await database.sql.unsafe(`
    drop table if exists base cascade; drop table if exists little cascade;
    delete from matview_policies; delete from matview_refreshes;
    create table base (id int primary key, n int);
    insert into base select i, i from generate_series(1, 20000) i;
    create table little as select * from base where id <= 100;
    analyze base, little;
    create materialized view v as select id, n from base;
    create unique index v_id on v (id);
    create materialized view w as select id, n from little;
    create unique index w_id on w (id);
    create materialized view timed as select id, now() as at from little;
    analyze v, w, timed;`);
});

async function decisionOf(view = "v"): Promise<Decision> {
  return decide(database.sql, view);
}

async function afterRefresh(view = "v"): Promise<void> {
  await refresh(database.sql, view, { mode: "swap" });
}

async function preferWal(): Promise<void> {
  await database.sql`insert into matview_policies (view_name, every, prefer) values ('v', '1 hour', 'wal')`;
}

test("fast: a large view is swapped", async () => {
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "fast" });
});

test("unchanged: nothing is done, and that is noted", async () => {
  await afterRefresh();
  expect(await decisionOf()).toEqual({ mode: null, reason: "unchanged" });
  const { sql } = database;
  const before = await sql`select matview_fresh_at('v') as at`;
  expect(await refresh(sql, "v")).toMatchObject({
    refresh_id: null,
    mode: null,
    reason: "unchanged",
  });
  const [row] = await sql`
    select unchanged_at > started_at + duration as later, matview_fresh_at('v') = unchanged_at as fresh from matview_refreshes`;
  expect(row).toEqual({ later: true, fresh: true });
  expect(await sql`select matview_fresh_at('v') as at`).not.toEqual(before);
});

test.each(["plain", "concurrently", "swap"])(
  "forced: %s, also when nothing has changed",
  async (mode) => {
    await afterRefresh();
    expect(await decide(database.sql, "v", mode)).toEqual({ mode, reason: "forced" });
    expect(await refresh(database.sql, "v", { mode })).toMatchObject({ mode, reason: "forced" });
  },
);

test("not_populated: plain, whatever is wanted", async () => {
  const { sql } = database;
  await sql`refresh materialized view v with no data`;
  expect(await decide(sql, "v", "swap")).toEqual({ mode: "plain", reason: "not_populated" });
  expect(await refresh(sql, "v")).toMatchObject({ mode: "plain", reason: "not_populated" });
  expect(await decisionOf()).toEqual({ mode: null, reason: "unchanged" });
});

test("small: up to 10,000 rows are compared", async () => {
  expect(await decisionOf("w")).toEqual({ mode: "concurrently", reason: "small" });
});

test("no_unique_index: swapped, or refreshed plainly where that cannot be", async () => {
  const { sql } = database;
  await sql.unsafe(
    "drop index w_id; create unique index on w ((id + 1)); create unique index on w (id) where id > 0",
  );
  expect(await decisionOf("w")).toEqual({ mode: "swap", reason: "no_unique_index" });
  await sql`create statistics w_statistics on id, n from w`;
  expect(await decisionOf("w")).toEqual({ mode: "plain", reason: "no_unique_index" });
});

test("cannot_swap: concurrently, however large it is", async () => {
  await database.sql`create statistics v_statistics on id, n from v`;
  expect(await decisionOf()).toEqual({ mode: "concurrently", reason: "cannot_swap" });
});

test("not_due: a view that only time changes waits for its policy", async () => {
  const { sql } = database;
  await afterRefresh("timed");
  expect(await decisionOf("timed")).toEqual({ mode: "swap", reason: "no_unique_index" });
  await sql`insert into matview_policies (view_name, every) values ('timed', '1 hour')`;
  expect(await decisionOf("timed")).toEqual({ mode: null, reason: "not_due" });
  expect(await refresh(sql, "timed")).toMatchObject({ refresh_id: null, reason: "not_due" });
  await sql`update matview_refreshes set started_at = started_at - interval '61 minutes'`;
  expect(await decisionOf("timed")).toEqual({ mode: "swap", reason: "no_unique_index" });
  await sql`update matview_refreshes set started_at = now()`;
  await sql`insert into little values (0, 0)`;
  expect(await decisionOf("timed")).toEqual({ mode: "swap", reason: "no_unique_index" });
});

test.each([
  ["15 minutes", "14 minutes 59.5 seconds", true],
  ["15 minutes", "13 minutes 30 seconds", false],
  ["1 minute", "55 seconds", true],
  ["1 minute", "0 seconds", false],
])("with a policy of %s and an age of %s it is due: %s", async (every, age, isDue) => {
  const { sql } = database;
  await afterRefresh("timed");
  await sql`insert into matview_policies (view_name, every) values ('timed', ${every}::text::interval)`;
  await sql`update matview_refreshes set started_at = clock_timestamp() - ${age}::text::interval`;
  expect((await decisionOf("timed")).reason === "not_due").toBe(!isDue);
  const { all } = await withSession(connectionOf(database.url), {}, async (session) =>
    readViews(session, []),
  );
  expect(all.find(({ name }) => name === "timed")?.is_stale).toBe(isDue);
});

test("being_refreshed: by another session", async () => {
  const other = openSession(database.url);
  await other`begin`;
  await other`lock table base in access share mode`;
  await other`alter materialized view v set (fillfactor = 90)`;
  await other`refresh materialized view concurrently v`;
  expect(await decisionOf()).toEqual({ mode: null, reason: "being_refreshed" });
  await other`rollback`;
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "fast" });
});

test("saves_wal: with a policy for it, while few rows change", async () => {
  const { sql } = database;
  await preferWal();
  await afterRefresh();
  await sql`update base set n = 0 where id <= 100`;
  expect(await decisionOf()).toEqual({ mode: "concurrently", reason: "saves_wal" });
});

test("most_rows_change: with more than half of the rows below", async () => {
  const { sql } = database;
  await preferWal();
  // Never refreshed: everything may be different.
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "most_rows_change" });
  await afterRefresh();
  await sql`update base set n = -n where id <= 11000`;
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "most_rows_change" });
  await sql`truncate little`;
});

test("most_rows_change: with more than half of the rows of one table, however small", async () => {
  const { sql } = database;
  await sql.unsafe(`
    drop materialized view v;
    create table one (factor int); insert into one values (1); analyze one;
    create materialized view v as select id, n * factor as n from base, one; create unique index on v (id); analyze v`);
  await preferWal();
  await afterRefresh();
  await sql`update one set factor = 2`;
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "most_rows_change" });
  await sql`drop table one cascade`;
});

test("most_rows_change: by what changed the last time", async () => {
  const { sql } = database;
  await sql.unsafe(`
    drop materialized view v;
    create table one (id int, factor int); insert into one select id, 1 from generate_series(1, 3) id; analyze one;
    create materialized view v as select base.id, n * factor as n from base, one where one.id = 1; create unique index on v (id); analyze v`);
  await preferWal();
  await afterRefresh();
  await sql`update one set factor = 2 where id = 1`;
  expect(await decisionOf()).toEqual({ mode: "concurrently", reason: "saves_wal" });
  expect(await refresh(sql, "v")).toMatchObject({ changed_rows: "20000", base_changes: "1" });
  // One changed row below has changed all.
  await sql`update one set factor = 3 where id = 1`;
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "most_rows_change" });
  await sql`drop table one cascade`;
});

test("bloated: a view of twice its size and more is written anew", async () => {
  const { sql } = database;
  await preferWal();
  await afterRefresh();
  for (const n of [1, 2, 3]) {
    await sql`update base set n = ${n}`;
    await refresh(sql, "v", { mode: "concurrently" });
  }
  await sql`update base set n = 7 where id = 1`;
  const [row] = await sql<{ bloat: number }[]>`select matview_bloat('v') as bloat`;
  expect(row?.bloat).toBeGreaterThan(2);
  expect(await decisionOf()).toEqual({ mode: "swap", reason: "bloated" });
  expect(await refresh(sql, "v")).toMatchObject({ mode: "swap", reason: "bloated" });
  expect(await sql`select matview_bloat('v') as bloat`).toEqual([{ bloat: 1 }]);
});

test("bloat is measured also where the number of rows was not known", async () => {
  const { sql } = database;
  await afterRefresh();
  await sql`update matview_refreshes set row_count = null`;
  expect(await sql`select matview_bloat('v') as bloat`).toEqual([{ bloat: 1 }]);
});

test("a relation that is no materialized view: DF051", async () => {
  await expect(refresh(database.sql, "base")).rejects.toMatchObject({ code: "DF051" });
});

test.each(["repeatable read", "serializable"])("under %s: DF050", async (isolation) => {
  for (const call of ["refresh_materialized_view('v')", "refresh_materialized_views()"]) {
    const run = database.sql.begin(`isolation level ${isolation}`, async (sql) =>
      sql.unsafe(`select ${call}`),
    );
    await expect(run).rejects.toMatchObject({ code: "DF050" });
  }
});
