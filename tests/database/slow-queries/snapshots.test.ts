import type postgres from "postgres";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { counters, expressionsFor } from "../../../src/slow-queries/columns.ts";
import { terminateBackend } from "../../support/backends.ts";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { holdLock } from "../../support/lock-holder.ts";

interface Taken {
  readonly snapshot_id: number;
  readonly statements: number;
  readonly changed: number;
  readonly new_texts: number;
  readonly deleted: number;
}

async function takeSnapshot(sql: postgres.Sql, keep = "30 days"): Promise<Taken> {
  const [taken] = await sql<Taken[]>`
    select t.snapshot_id::float8, t.statements, t.changed, t.new_texts, t.deleted
    from take_statement_snapshot(${keep}::interval) t`;
  if (taken === undefined) throw new Error("take_statement_snapshot returned no row.");
  return taken;
}

/** Runs a statement that is like no other: names of columns make none, those of tables do. */
async function runOn(sql: postgres.Sql, table: string): Promise<void> {
  await sql.unsafe(`create table if not exists ${table} (n int)`);
  await sql.unsafe(`select count(*) from ${table}`);
}

/** The figures of the statement on a table, row after row. */
async function figuresOf(sql: postgres.Sql, table: string): Promise<object[]> {
  return sql`
    select f.first_snapshot::float8 as first, f.next_snapshot::float8 as next, f.calls::float8
    from statement_figures f
    join statement_entries e using (entry_id)
    join statement_texts t using (digest)
    where t.query = ${`select count(*) from ${table}`}
    order by 1`;
}

function column(name: string): string {
  return `f.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

/** What must hold whatever has happened; other databases' statements are in it too. */
async function expectSound(sql: postgres.Sql): Promise<void> {
  const problems = await sql`
    select 'two rows hold' as problem, a.entry_id
    from statement_figures a
    join statement_figures b on b.entry_id = a.entry_id and b.first_snapshot > a.first_snapshot
      and int8range(a.first_snapshot, a.next_snapshot) && int8range(b.first_snapshot, b.next_snapshot)
    union all
    select 'no snapshot', f.entry_id from statement_figures f
    where not exists (
      select from statement_snapshots s where int8range(f.first_snapshot, f.next_snapshot) @> s.snapshot_id
    )
    union all
    select 'no figures', e.entry_id from statement_entries e
    where not exists (select from statement_figures f where f.entry_id = e.entry_id)
    union all
    select 'text of nobody', 0 from statement_texts t
    where not exists (select from statement_entries e where e.digest = t.digest)
    union all
    select 'no text', e.entry_id from statement_entries e
    where e.digest not in (select t.digest from statement_texts t)`;
  expect([...problems]).toEqual([]);
}

test("of every version of the extension, the figures are those that slow-queries reads", async () => {
  const { sql } = await createDatabaseWithEngine();
  const versions = await sql<{ version: string }[]>`
    select version from pg_available_extension_versions
    where name = 'pg_stat_statements' and (version >= '1.4' or version like '1.1_')`;
  expect(versions.length).toBeGreaterThan(5);
  for (const { version } of versions) {
    await sql.unsafe(`create extension pg_stat_statements version '${version}'`);
    const table = `of_version_${version.replace(".", "_")}`;
    await sql.unsafe(`create table ${table} as select n from generate_series(1, 2000) n`);
    await sql.unsafe(`select count(*), pg_sleep(0.001) from ${table} order by n`).catch(() => {});
    await sql.unsafe(`update ${table} set n = n + 1`);
    const { snapshot_id: id } = await takeSnapshot(sql);
    const [{ columns } = { columns: [] }] = await sql<{ columns: string[] }[]>`
      select to_jsonb(columns) as columns from statement_extension()`;
    const read = expressionsFor(columns);
    const differences = counters
      .concat("maxTime" as never, "execSquares" as never)
      .map(
        (name) =>
          `case when (${read[name] ?? ""})::float8 is distinct from ${column(name)}::float8 then '${name}' end`,
      );
    const found = await sql.unsafe<{ different: string; has_text: boolean }[]>(`
      select concat_ws(' ', ${differences.join(",\n")}) as different, e.digest is not null as has_text
      from pg_stat_statements(true) s
      join statement_entries e on (e.user_id, e.database_id, e.query_id) = (s.userid, s.dbid, s.queryid)
      join statement_figures f on f.entry_id = e.entry_id and int8range(f.first_snapshot, f.next_snapshot) @> ${id}::bigint
      where s.query like '%${table}%' and s.dbid = (select oid from pg_database where datname = current_database())
        and s.query not like '%statement_figures%'`);
    expect(found.length, version).toBeGreaterThanOrEqual(2);
    expect(
      found.filter((each) => each.different !== "" || !each.has_text),
      version,
    ).toEqual([]);
    const [state] =
      await sql`select extension_version, stats_reset is null as old from statement_snapshots where snapshot_id = ${id}`;
    const minor = Number(version.split(".")[1]);
    expect(state).toEqual({ extension_version: version, old: minor < 9 });
    await sql.unsafe("drop extension pg_stat_statements");
  }
  await expectSound(sql);
}, 120_000);

describe("with the newest version", () => {
  let database: TestDatabase;
  let sql: postgres.Sql;

  beforeAll(async () => {
    database = await createDatabaseWithEngine();
    ({ sql } = database);
    await sql`create extension pg_stat_statements`;
  });

  test("what stands still gets no new row, and a statement that was forgotten begins again", async () => {
    await runOn(sql, "stands_still");
    const first = await takeSnapshot(sql);
    const second = await takeSnapshot(sql);
    expect(second.changed).toBeLessThan(first.changed);
    await runOn(sql, "stands_still");
    const third = await takeSnapshot(sql);
    expect(await figuresOf(sql, "stands_still")).toEqual([
      { first: first.snapshot_id, next: third.snapshot_id, calls: 1 },
      { first: third.snapshot_id, next: null, calls: 2 },
    ]);
    const [{ id } = { id: "" }] = await sql<{ id: string }[]>`
      select queryid::text as id from pg_stat_statements where query = 'select count(*) from stands_still'
        and dbid = (select oid from pg_database where datname = current_database())`;
    await sql`select pg_stat_statements_reset(0, oid, ${id}::bigint) from pg_database where datname = current_database()`;
    const fourth = await takeSnapshot(sql);
    await runOn(sql, "stands_still");
    const fifth = await takeSnapshot(sql);
    expect(await figuresOf(sql, "stands_still")).toEqual([
      { first: first.snapshot_id, next: third.snapshot_id, calls: 1 },
      { first: third.snapshot_id, next: fourth.snapshot_id, calls: 2 },
      { first: fifth.snapshot_id, next: null, calls: 1 },
    ]);
    await expectSound(sql);
  });

  test("what is too old is deleted, with the texts that nobody has any more; what still holds stays", async () => {
    const { sql: own } = await createDatabaseWithEngine();
    await own`create extension pg_stat_statements`;
    await runOn(own, "stays_the_same");
    await runOn(own, "is_forgotten");
    const first = await takeSnapshot(own);
    await own`select pg_stat_statements_reset(0, s.dbid, s.queryid) from pg_stat_statements s
      where s.query = 'select count(*) from is_forgotten' and s.dbid = (select oid from pg_database where datname = current_database())`;
    const second = await takeSnapshot(own);
    expect(await figuresOf(own, "is_forgotten")).toMatchObject([{ next: second.snapshot_id }]);
    await own`update statement_snapshots set taken_at = now() - interval '31 days' where snapshot_id = ${first.snapshot_id}`;
    expect(await takeSnapshot(own)).toMatchObject({ deleted: 1 });
    expect(await figuresOf(own, "stays_the_same")).toMatchObject([{ next: null }]);
    const [left] =
      await own`select count(*)::int as texts from statement_texts where query = 'select count(*) from is_forgotten'`;
    expect(left).toEqual({ texts: 0 });
    await expectSound(own);
    await own`update statement_snapshots set taken_at = now() - interval '2 hours'`;
    expect(await takeSnapshot(own, "1 hour")).toMatchObject({ deleted: 2 });
    await expectSound(own);
    const [all] = await own`select delete_statement_snapshots('infinity') as deleted,
      (select count(*)::int from statement_snapshots) as before`;
    expect(all).toMatchObject({ before: 1 });
    expect([...(await own`select entry_id from statement_entries`)]).toEqual([]);
  });

  test("who does not say how long snapshots are kept deletes none that the one before keeps", async () => {
    const { sql: own } = await createDatabaseWithEngine();
    await own`create extension pg_stat_statements`;
    await takeSnapshot(own, "90 days");
    await own`update statement_snapshots set taken_at = now() - interval '60 days'`;
    for (const _ of [1, 2])
      expect([...(await own`select deleted from take_statement_snapshot()`)]).toEqual([
        { deleted: 0 },
      ]);
    expect(await takeSnapshot(own, "30 days")).toMatchObject({ deleted: 1 });
  });

  test("many at once wait for each other and do no harm, also in repeatable read", async () => {
    const sessions = Array.from({ length: 5 }, () => openSession(database.url));
    const taken = await Promise.all(
      sessions.map(async (session, n) => {
        await session.unsafe(
          `select ${Array(n + 3)
            .fill("1")
            .join(", ")}, 'at_once'`,
        );
        return takeSnapshot(session);
      }),
    );
    expect(new Set(taken.map(({ snapshot_id: id }) => id)).size).toBe(5);
    await expectSound(sql);
    await sql.begin("isolation level repeatable read", async (transaction) => {
      await transaction`select * from take_statement_snapshot()`;
    });
    await expectSound(sql);
  });

  test("one that is ended in the middle leaves nothing", async () => {
    const before = await sql`select max(snapshot_id) as id from statement_snapshots`;
    await runOn(sql, "never_stored");
    const holder = await holdLock(database.url, "lock table statement_texts");
    onTestFinished(async () => holder.release());
    const session = openSession(database.url);
    const [{ pid } = { pid: 0 }] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const taking = takeSnapshot(session).then(
      () => "taken",
      () => "ended",
    );
    // It has written the figures by then.
    await vi.waitUntil(async () => {
      const [row] = await sql<{ waits: boolean }[]>`
        select cardinality(pg_blocking_pids(${pid})) > 0 as waits`;
      return row?.waits;
    }, 30_000);
    await terminateBackend(sql, pid);
    expect(await taking).toBe("ended");
    await holder.release();
    expect(await sql`select max(snapshot_id) as id from statement_snapshots`).toEqual(before);
    expect(await figuresOf(sql, "never_stored")).toEqual([]);
    await takeSnapshot(sql);
    expect(await figuresOf(sql, "never_stored")).toHaveLength(1);
    await expectSound(sql);
  });

  test("no password is kept", async () => {
    const role = await createRole();
    await sql.unsafe(`alter role ${role} password 'do not keep me'`);
    await sql.unsafe("select count(*) as password from pg_class, pg_am, pg_proc limit 0");
    await takeSnapshot(sql);
    const [found] = await sql`
      select count(*) filter (where query like '%do not keep me%')::int as kept,
        count(*) filter (where query like 'select count(*) as password from%')::int as ordinary
      from statement_texts`;
    expect(found).toEqual({ kept: 0, ordinary: 1 });
    const [system] = await sql`
      select kept_statement_text('ALTER SYSTEM SET primary_conninfo = ''host=a password=do not keep me''') as kept`;
    expect(system?.["kept"]).toBe("(not kept, because it may hold a password)");
  });

  test("who may see less stores sums, and who owns nothing stores nothing", async () => {
    const user = await createRole();
    const session = openSession(urlOf({ database: database.name, user, password: "secret" }));
    await expect(takeSnapshot(session)).rejects.toMatchObject({ code: "42501" });
    await expect(session`select * from statement_texts`).rejects.toMatchObject({ code: "42501" });
    await sql.unsafe(`
      grant execute on function take_statement_snapshot, save_statement_figures, save_statement_texts, read_statements,
        delete_statement_snapshots to ${user};
      grant all on statement_snapshots, statement_entries, statement_texts, statement_figures to ${user}`);
    await sql.unsafe(
      `create table seen_by_itself (n int); grant select on seen_by_itself to ${user}`,
    );
    await session.unsafe("select count(*) from seen_by_itself");
    const { snapshot_id: id } = await takeSnapshot(session);
    expect(await figuresOf(sql, "seen_by_itself")).toHaveLength(1);
    const [sums] = await sql<
      { hidden: { user_id: number; statements: number; calls: number }[] }[]
    >`
      select hidden from statement_snapshots where snapshot_id = ${id}`;
    expect(sums?.hidden.length).toBeGreaterThan(0);
    expect(sums?.hidden.every(({ user_id: owner, calls }) => owner > 0 && calls > 0)).toBe(true);
    const [others] = await sql`
      select count(*)::int as rows from statement_figures f join statement_entries e using (entry_id)
      where f.next_snapshot is null and e.user_name <> ${user}`;
    expect(others).toEqual({ rows: 0 });
    await takeSnapshot(sql);
    await expectSound(sql);
    await sql.unsafe(`drop owned by ${user}`);
  });

  test("names of 63 bytes and with anything in them are stored as they are", async () => {
    const name = `"드라마 'ü" ${"x".repeat(45)}`;
    await sql.unsafe(
      "create table of_an_odd_role (n int); grant select on of_an_odd_role to public",
    );
    await sql.unsafe(`create role "${name.replaceAll('"', '""')}"`);
    onTestFinished(async () => {
      await sql.unsafe(`drop role if exists "${name.replaceAll('"', '""')}"`);
    });
    await sql.unsafe(
      `set role "${name.replaceAll('"', '""')}"; select count(*) from of_an_odd_role; reset role`,
    );
    await takeSnapshot(sql);
    const [entry] = await sql`
      select e.user_name from statement_entries e join statement_texts t using (digest)
      where t.query = 'select count(*) from of_an_odd_role'`;
    expect(entry).toEqual({ user_name: name });
  });

  test("without the extension, or to be kept for no time, there is no snapshot", async () => {
    const { sql: bare } = await createDatabaseWithEngine();
    await expect(takeSnapshot(bare)).rejects.toMatchObject({
      code: "DF060",
      hint: "CREATE EXTENSION pg_stat_statements;",
    });
    for (const keep of ["0", "-1 day"]) {
      await expect(takeSnapshot(sql, keep)).rejects.toMatchObject({ code: "DF061" });
    }
  });
});
