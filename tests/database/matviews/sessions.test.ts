import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { untilBlocked } from "../../support/backends.ts";
import { catalogFingerprint, fingerprintDifference } from "../../support/catalog-fingerprint.ts";
import {
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../../support/database.ts";
import { holdLock } from "../../support/lock-holder.ts";
import { decide, refresh } from "./views.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

beforeEach(async () => {
  await database.sql.unsafe(`
    drop table if exists base cascade; drop materialized view if exists w; delete from matview_refreshes;
    create table base (id int primary key, round int);
    insert into base select i, 0 from generate_series(1, 20000) i;
    create materialized view v as select id, round from base;
    create unique index v_id on v (id);
    create view reader as select count(*)::int as rows, min(round) as low, max(round) as high from v;
    analyze v`);
});

/** Refuses to let go of a reader's lock until the test says so. */
async function readForEver(): ReturnType<typeof holdLock> {
  return holdLock(database.url, "select * from v limit 1");
}

const expectedCopies = "select relname from pg_class where relname like '%\\_beside\\_%'";

test("two at once: one works, and the other says so", async () => {
  const { sql, url } = database;
  const other = openSession(url);
  await sql.begin(async (session) => {
    await session`select refresh_materialized_view('v')`;
    expect(await decide(other, "v", "plain")).toEqual({ mode: null, reason: "being_refreshed" });
    expect(await refresh(other, "v")).toMatchObject({
      refresh_id: null,
      mode: null,
      reason: "being_refreshed",
    });
  });
  expect(await sql`select session_refreshing('v') as pid`).toEqual([{ pid: null }]);
  expect(await sql`select mode from matview_refreshes`).toEqual([{ mode: "swap" }]);
});

test("two at once, over and over: none fails, and none is doubled", async () => {
  const other = openSession(database.url);
  const run = async (sql: typeof other): Promise<string[]> => {
    const reasons: string[] = [];
    for (let n = 0; n < 15; n += 1) {
      await sql`update base set round = round + 1 where id = 1`;
      const [row] = await sql<{ reason: string; error: string | null }[]>`
        select * from refresh_materialized_views(null, 'swap')`;
      expect(row?.error ?? null).toBeNull();
      reasons.push(row?.reason ?? "");
    }
    return reasons;
  };
  const reasons = (await Promise.all([run(database.sql), run(other)])).flat();
  expect(reasons).toContain("forced");
  expect(reasons.filter((reason) => reason !== "forced" && reason !== "being_refreshed")).toEqual(
    [],
  );
  expect(await database.sql.unsafe(expectedCopies)).toEqual([]);
});

test("two at once on two views wait for nobody", async () => {
  const { sql, url } = database;
  const other = openSession(url);
  await sql.unsafe(`
    create materialized view w as select 1 as n; create materialized view gone as select id from base;
    select refresh_materialized_view('gone'); drop materialized view gone;
    select refresh_materialized_view('v'), refresh_materialized_view('w');
    insert into matview_refreshes (schema_name, view_name, started_at) values ('public', 'old', '2000-01-01');`);
  await other`set lock_timeout = '1s'`;
  await sql.begin(async (session) => {
    await session`select refresh_materialized_view('v', 'plain')`;
    expect(await refresh(other, "w", { mode: "plain" })).toMatchObject({ mode: "plain" });
  });
  await sql.begin(async (session) => {
    expect(await session`select reason from refresh_materialized_view('v')`).toEqual([
      { reason: "unchanged" },
    ]);
    expect(await refresh(other, "v")).toMatchObject({ reason: "unchanged" });
  });
});

test("a refresh by hand in another session is noticed", async () => {
  const { sql } = database;
  const holder = await holdLock(database.url, "refresh materialized view concurrently v");
  expect(await sql`select session_refreshing('v') as pid`).toEqual([{ pid: holder.pid }]);
  expect(await refresh(sql, "v", { mode: "swap" })).toMatchObject({
    mode: null,
    reason: "being_refreshed",
  });
  await holder.release();
});

test("a reader without end: what was to be a swap becomes a concurrent refresh", async () => {
  const { sql } = database;
  const reader = await readForEver();
  const before = await catalogFingerprint(sql);
  await sql`update base set round = 1`;
  expect(await refresh(sql, "v", { patience: "200 milliseconds" })).toMatchObject({
    mode: "concurrently",
    reason: "readers_in_the_way",
    changed_rows: "20000",
  });
  expect(await sql`select * from reader`).toEqual([{ rows: 20000, low: 1, high: 1 }]);
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  expect(await decide(sql, "v")).toMatchObject({ reason: "unchanged" });
  await reader.release();
});

test.each(["swap", "plain"])(
  "a reader without end, and a forced %s: 55P03, nothing left behind",
  async (mode) => {
    const { sql } = database;
    const reader = await readForEver();
    const before = await catalogFingerprint(sql);
    await expect(refresh(sql, "v", { mode, patience: "200 milliseconds" })).rejects.toMatchObject({
      code: "55P03",
    });
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
    expect(await sql`show lock_timeout`).toEqual([{ lock_timeout: "0" }]);
    // In one transaction with others, too, and the view is refreshed the next time.
    const all =
      await sql`select mode, error from refresh_materialized_views(null, ${mode}, '200 milliseconds')`;
    expect(all).toEqual([{ mode, error: expect.stringContaining("lock timeout") as string }]);
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
    await reader.release();
    expect(await decide(sql, "v")).toEqual({ mode: "swap", reason: "fast" });
    expect(await refresh(sql, "v", { mode: "swap" })).toMatchObject({ error: null });
  },
);

test("a concurrent refresh with no patience does not wait for ever", async () => {
  const holder = await holdLock(database.url, "alter materialized view v cluster on v_id");
  const run = database.sql.unsafe("select refresh_patiently('v', 'concurrently', '0', 'public')");
  await expect(run).rejects.toMatchObject({ code: "55P03" });
  await holder.release();
});

test("readers go on through swaps: no error, never empty, never half", async () => {
  const { sql, url } = database;
  const [direct, prepared] = [openSession(url), openSession(url)];
  await prepared.unsafe(
    "prepare through_view as select * from reader; prepare by_id as select round from v where id = 7",
  );
  const over = new AbortController();
  const wrong: unknown[] = [];
  let reads = 0;
  const watch = async (read: () => Promise<readonly object[]>): Promise<void> => {
    while (!over.signal.aborted) {
      const [row] = (await read()) as { rows?: number; low?: number; high?: number }[];
      reads += 1;
      if (row?.rows !== 20000 || row.low !== row.high) wrong.push(row);
    }
  };
  const watching = Promise.all([
    watch(
      async () =>
        direct`select count(*)::int as rows, min(round) as low, max(round) as high from v`,
    ),
    watch(async () => prepared.unsafe("execute through_view")),
  ]);
  for (let round = 1; round <= 8; round += 1) {
    await sql`update base set round = ${round}`;
    expect(await refresh(sql, "v", { mode: "swap", patience: "1 minute" })).toMatchObject({
      mode: "swap",
    });
  }
  over.abort();
  await watching;
  expect(wrong).toEqual([]);
  expect(reads).toBeGreaterThan(8);
  expect(await prepared.unsafe("execute by_id")).toEqual([{ round: 8 }]);
});

test("while the copy is built, only ACCESS SHARE is held on the view and what it reads", async () => {
  const { sql, url } = database;
  await sql.unsafe(`
    create function wait_here() returns int language plpgsql stable as
      'begin perform pg_advisory_xact_lock(77); return 0; end';
    create materialized view waits as select id, public.wait_here() as n from base limit 1 with no data`);
  await sql`refresh materialized view waits`;
  const holder = await holdLock(url, "select pg_advisory_xact_lock(77)");
  const other = openSession(url);
  const running = refresh(other, "waits", { mode: "swap" });
  const pid = await untilBlocked(sql, holder.pid);
  const held = await sql`
    select relation::regclass::text as name, mode from pg_locks
    where pid = ${pid} and relation in ('waits'::regclass, 'base'::regclass, 'base_pkey'::regclass) order by 1, 2`;
  expect(held.filter(({ mode }) => mode !== "AccessShareLock")).toEqual([]);
  expect(held).toContainEqual({ name: "base", mode: "AccessShareLock" });
  expect(await sql`select count(*)::int as n from waits`).toEqual([{ n: 1 }]);
  await holder.release();
  expect(await running).toMatchObject({ mode: "swap", error: null });
});

test.each([
  "grant select on waits to public",
  "create index on waits (n)",
  "drop index waits_id",
  "comment on column waits.n is 'new'",
  "alter materialized view waits rename column n to m",
  "alter materialized view waits set (fillfactor = 50)",
  "alter materialized view waits alter n set statistics 7",
  "create statistics waits_statistics on id, n from waits",
  "create view on_waits as select id from waits",
])("what was changed while the copy was built is not lost: %s", async (statement) => {
  const { sql, url } = database;
  await sql.unsafe(`
    create or replace function wait_here() returns int language plpgsql stable as
      'begin perform pg_advisory_xact_lock(77); return 0; end';
    create materialized view waits as select id, public.wait_here() as n from base limit 1;
    create index waits_id on waits (id);`);
  const holder = await holdLock(url, "select pg_advisory_xact_lock(77)");
  const running = refresh(openSession(url), "waits", { mode: "swap" }).catch(
    (error: unknown) => error,
  );
  await untilBlocked(sql, holder.pid);
  // PostgreSQL 15 still holds ACCESS SHARE on the view from having read its definition, so that some have to wait.
  await sql`set lock_timeout = '1s'`;
  const isMade = await sql.unsafe(statement).then(
    () => true,
    ({ code }: { readonly code: string }) => code !== "55P03",
  );
  await sql`reset lock_timeout`;
  const before = await catalogFingerprint(sql);
  await holder.release();
  const result = await running;
  // A plain view that has come since can simply be taken along.
  const isTakenAlong = statement.startsWith("create view") || !isMade;
  expect(result).toMatchObject(isTakenAlong ? { mode: "swap" } : { code: "DF055" });
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  await vi.waitUntil(async () => (await refresh(sql, "waits")).error === null, 30_000);
});
