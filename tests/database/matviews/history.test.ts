import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  readServerVersion,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { refresh } from "./views.ts";

let database: TestDatabase;
let owner: string;

beforeAll(async () => {
  owner = await createRole();
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    create table base (id int primary key, n int); insert into base select i, i from generate_series(1, 100) i;
    create materialized view v as select id, n from base; create unique index v_id on v (id); analyze v;
    create materialized view theirs as select 1 as n; create unique index on theirs (n);
    create materialized view fails as select id, 1 / n as q from base; create unique index on fails (id);
    alter materialized view theirs owner to ${owner}`);
});

beforeEach(async () => {
  await database.sql`delete from matview_refreshes`;
  await database.sql`select set_refresh_recording(false)`;
});

test("a row tells everything", async () => {
  const { sql } = database;
  await refresh(sql, "v", { mode: "plain" });
  await sql`update base set n = 0 where id <= 3`;
  await refresh(sql, "v", { mode: "concurrently" });
  await refresh(sql, "v", { mode: "swap" });
  const rows = await sql`
    select
      schema_name, view_name, mode, reason, row_count::int, changed_rows::int, base_changes::int, error, unchanged_at,
      refreshed_by = session_user as own, duration > '0' and duration < '1 minute' as lasted,
      started_at between now() - interval '1 minute' and now() as began, wal_bytes > 0 as wrote,
      total_bytes between 8192 and 1000000 as sized, storage = pg_relation_filenode('v') as same_file
    from matview_refreshes order by refresh_id`;
  const common = {
    schema_name: "public",
    view_name: "v",
    reason: "forced",
    row_count: 100,
    error: null,
    unchanged_at: null,
    own: true,
    lasted: true,
    began: true,
    wrote: true,
    sized: true,
  };
  expect(rows).toEqual([
    { ...common, mode: "plain", changed_rows: null, base_changes: null, same_file: false },
    { ...common, mode: "concurrently", changed_rows: 3, base_changes: 3, same_file: false },
    { ...common, mode: "swap", changed_rows: null, base_changes: 0, same_file: true },
  ]);
});

test("rows of more than a year ago are found by an index", async () => {
  const plan = await database.sql.begin(async (session) => {
    await session`set local enable_seqscan = off`;
    return session`explain select from matview_refreshes where started_at < now() - interval '1 year'`;
  });
  expect(JSON.stringify(plan)).toContain("matview_refreshes_started_at");
});

test("a failure is recorded, and rows of more than a year ago go", async () => {
  const { sql } = database;
  await sql`insert into matview_refreshes (schema_name, view_name, started_at) values
    ('public', 'old', now() - interval '367 days'), ('public', 'young', now() - interval '360 days')`;
  await sql`update base set n = 0 where id = 1`;
  await expect(refresh(sql, "fails")).rejects.toMatchObject({ code: "22012" });
  const [failure] = await sql`
    select mode, error, view_name from record_refresh_failure('fails', now() - interval '1 s', 'plain', 'it was zero')`;
  expect(failure).toEqual({ mode: "plain", error: "it was zero", view_name: "fails" });
  expect(await sql`select matview_fresh_at('fails') as at`).toEqual([{ at: null }]);
  await refresh(sql, "v", { mode: "plain" });
  expect(await sql`select view_name from matview_refreshes order by 1`).toEqual([
    { view_name: "fails" },
    { view_name: "v" },
    { view_name: "young" },
  ]);
});

test("refreshes by others are recorded while that is on", async () => {
  const { sql } = database;
  await sql`select set_refresh_recording(true)`;
  await sql`select set_refresh_recording(true)`;
  const other = openSession(urlOf({ database: database.name, user: owner, password: "secret" }));
  await other`refresh materialized view theirs`;
  await other`refresh materialized view theirs`;
  await other`refresh materialized view concurrently theirs`;
  await other.unsafe("do $$ begin refresh materialized view theirs; end $$");
  await refresh(sql, "theirs", { mode: "swap" });
  await refresh(sql, "theirs", { mode: "plain" });
  const rows =
    await sql`select mode, reason, refreshed_by from matview_refreshes order by refresh_id`;
  const by = { reason: "by_others", refreshed_by: owner };
  expect(rows.slice(0, 4)).toEqual([
    { mode: null, ...by },
    { mode: "plain", ...by },
    { mode: "concurrently", ...by },
    { mode: "plain", ...by },
  ]);
  expect(rows.slice(4).map(({ mode, reason }) => [mode as unknown, reason as unknown])).toEqual([
    ["swap", "forced"],
    ["plain", "forced"],
  ]);
  await sql`select set_refresh_recording(false)`;
  await other`refresh materialized view theirs`;
  expect(await sql`select from matview_refreshes`).toHaveLength(6);
});

test("a refresh is done, with a warning, when it cannot be recorded", async () => {
  const { sql } = database;
  await sql`select set_refresh_recording(true)`;
  await sql.unsafe(
    "begin; alter table matview_refreshes rename to hidden; update base set n = 5 where id = 5",
  );
  await sql`refresh materialized view v`;
  expect(await sql`select n from v where id = 5`).toEqual([{ n: 5 }]);
  await sql`rollback`;
});

test.each(["plain", "concurrently", "swap"])(
  "no setting is left behind by %s, done or failed",
  async (mode) => {
    const { sql } = database;
    await sql.unsafe(
      "set lock_timeout = '7s'; set search_path = pg_temp, public; set doramaflix_db.refreshing = 'mine'",
    );
    const settings = async (): Promise<unknown> =>
      sql`select name, setting from pg_settings where name not in ('transaction_isolation') order by name`;
    const more = async (): Promise<unknown> =>
      sql`select current_setting('doramaflix_db.refreshing') as refreshing`;
    const before = [await settings(), await more()];
    await sql.begin(async (session) => {
      await session`select public.refresh_materialized_view('v', ${mode})`;
      const [row] =
        await session`select current_setting('lock_timeout') as t, current_setting('search_path') as p,
      current_setting('doramaflix_db.refreshing') as r`;
      expect(row).toEqual({ t: "7s", p: "pg_temp, public", r: "mine" });
    });
    await sql`update base set n = 0 where id = 1`;
    await expect(refresh(sql, "fails", { mode })).rejects.toMatchObject({ code: "22012" });
    expect([await settings(), await more()]).toEqual(before);
    await sql.unsafe("reset lock_timeout; reset search_path");
  },
);

test("a function without a schema is found along the path up to PostgreSQL 16, and not from 17 on", async () => {
  const { sql } = database;
  await sql.unsafe(`
    create schema extra; create table extra.rates (r int); insert into extra.rates values (3);
    create function extra.rate() returns int stable language plpgsql as 'begin return (select r from rates); end';
    set search_path = public, extra`);
  const isOld = (await readServerVersion()) < 170_000;
  await sql.unsafe("create materialized view rated as select rate() as r with no data");
  const run = refresh(sql, "rated").then(
    ({ mode }) => mode,
    ({ code }: { code: string }) => code,
  );
  expect(await run).toBe(isOld ? "plain" : "42P01");
  const again = refresh(sql, "rated", { mode: "swap" }).then(
    ({ mode }) => mode,
    ({ code }: { code: string }) => code,
  );
  expect(await again).toBe(isOld ? "swap" : "42P01");
  await sql.unsafe("reset search_path; drop materialized view rated");
});
