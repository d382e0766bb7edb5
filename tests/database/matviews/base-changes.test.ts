import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { killBackend } from "../../support/backends.ts";
import {
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";
import { startThrowawayServer } from "../../support/throwaway-server.ts";
import { withSession } from "../../../src/db/session.ts";
import { installEngine } from "../../../src/migrations/ledger/engine.ts";
import { changesBelow, decide, refresh } from "./views.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    create table plain (id int, n int);
    insert into plain select i, i from generate_series(1, 100) i;
    create table part (id int, n int) partition by range (id);
    create table part_1 partition of part for values from (0) to (100);
    create table part_2 partition of part for values from (100) to (200);
    insert into part select i, i from generate_series(1, 150) i;
    create table parent (id int);
    create table child () inherits (parent);
    create table untouched (id int);
    create view between as select id from plain where n > 0;
    create function twice(int) returns int immutable language sql as 'select 2 * $1';
    create materialized view below as select id from untouched;
    create unique index on below (id);
    create materialized view v as
      select plain.id, twice(part.n) as m from plain join part using (id) join between using (id)
      union all select id, 0 from parent union all select id, 0 from untouched union all select id, 0 from below;`);
});

/** Statements, with what base_changes() says after them. */
const cases: readonly (readonly [
  statement: string,
  state: string,
  changes: number,
  bases: string[],
])[] = [
  ["select 1", "unchanged", 0, []],
  ["insert into plain values (1, 1), (2, 2)", "changed", 2, ["plain"]],
  ["update plain set n = 3 where id <= 5", "changed", 7, ["plain"]],
  ["delete from plain where id = 7", "changed", 1, ["plain"]],
  ["update plain set n = 0 where false", "unchanged", 0, []],
  ["begin; insert into plain values (5, 5); rollback", "changed", 1, ["plain"]],
  ["truncate untouched", "replaced", 0, ["untouched"]],
  ["vacuum full untouched", "replaced", 0, ["untouched"]],
  ["vacuum plain", "unchanged", 0, []],
  ["analyze plain", "unchanged", 0, []],
  ["insert into part values (3, 3)", "changed", 1, ["part"]],
  ["insert into part_2 values (103, 3)", "changed", 1, ["part"]],
  ["create table part_3 partition of part for values from (200) to (300)", "replaced", 0, ["part"]],
  ["alter table part detach partition part_3", "replaced", 0, ["part"]],
  [
    "alter table part attach partition part_3 for values from (200) to (300)",
    "replaced",
    0,
    ["part"],
  ],
  ["alter table part detach partition part_3 concurrently", "replaced", 0, ["part"]],
  ["truncate part_2", "replaced", 0, ["part"]],
  ["insert into child values (1)", "changed", 1, ["parent"]],
  ["create table second_child () inherits (parent)", "replaced", 0, ["parent"]],
  ["refresh materialized view below", "replaced", 0, ["below"]],
  ["refresh materialized view concurrently below", "unchanged", 0, []],
  [
    "create or replace view between as select id from plain where n > 1",
    "replaced",
    0,
    [...ofBetween()],
  ],
  [
    "create or replace function twice(int) returns int immutable language sql as 'select 3 * $1'",
    "replaced",
    0,
    [...ofBetween()],
  ],
  ["select pg_stat_reset()", "unknown", 0, [...ofBetween()]],
  [
    "select pg_stat_reset_single_table_counters('untouched'::regclass)",
    "unknown",
    0,
    [...ofBetween()],
  ],
];

/** All: what lies between belongs to none of them. */
function ofBetween(): string[] {
  return ["below", "parent", "part", "plain", "untouched"];
}

test.for(cases)("after: %s: %s", async ([statement, state, changes, bases]) => {
  const { sql } = database;
  await refresh(sql, "v", { mode: "plain" });
  expect(await changesBelow(sql, "v")).toEqual({ state: "unchanged", changes: 0, bases: [] });
  for (const each of statement.split("; ")) await sql.unsafe(each);
  const counted = state === "changed" ? { changes } : {};
  expect(await changesBelow(sql, "v")).toMatchObject({ state, bases, ...counted });
  expect(await decide(sql, "v")).toMatchObject({ mode: state === "unchanged" ? null : "swap" });
});

test("changes by another session are seen when it has told them", async () => {
  const other = openSession(database.url);
  await refresh(database.sql, "v", { mode: "plain" });
  await other`insert into plain values (1, 1)`;
  await other`select pg_stat_force_next_flush()`;
  expect(await changesBelow(database.sql, "v")).toMatchObject({ state: "changed", changes: 1 });
});

test("changes by another session are seen within a transaction that has read the counts before", async () => {
  const other = openSession(database.url);
  await refresh(database.sql, "v", { mode: "plain" });
  const result = await database.sql.begin(async (sql) => {
    await sql`select * from base_changes('v')`;
    await other`insert into plain values (1, 1)`;
    await other`select pg_stat_force_next_flush()`;
    return sql`select reason from refresh_materialized_view('v', 'auto')`;
  });
  expect(result).toEqual([{ reason: "no_unique_index" }]);
});

test("changes of the own transaction are seen before and after its end", async () => {
  const { sql } = database;
  await refresh(sql, "v", { mode: "plain" });
  await sql.begin(async (session) => {
    await session`insert into plain values (1, 1)`;
    const [own] = await session`select state, changes::int from base_changes('v')`;
    expect(own).toEqual({ state: "changed", changes: 1 });
    await session`select refresh_materialized_view('v', 'plain')`;
    const [done] = await session`select state, changes::int from base_changes('v')`;
    expect(done).toEqual({ state: "unchanged", changes: 0 });
  });
  expect(await changesBelow(sql, "v")).toMatchObject({ state: "unchanged" });
});

test("a view or a table that was dropped and made anew is unknown", async () => {
  const { sql } = database;
  await sql.unsafe("create table t (id int); create materialized view w as select id from t");
  expect(await changesBelow(sql, "w")).toMatchObject({ state: "unknown", bases: ["t"] });
  await refresh(sql, "w");
  expect(await changesBelow(sql, "w")).toMatchObject({ state: "unchanged" });
  await sql.unsafe("drop materialized view w; create materialized view w as select id from t");
  expect(await changesBelow(sql, "w")).toMatchObject({ state: "unknown" });
  await refresh(sql, "w");
  // What was kept of the dropped one has gone.
  const [kept] = await sql`
    select count(*)::int from matview_base_states where view_oid not in (select oid from pg_class)`;
  expect(kept).toEqual({ count: 0 });
});

test("where the server counts no changes, nothing is known", async () => {
  const { sql } = database;
  await refresh(sql, "v", { mode: "plain" });
  await sql`set track_counts = off`;
  await sql`insert into plain values (1, 1)`;
  expect(await changesBelow(sql, "v")).toMatchObject({ state: "unknown" });
  await sql`reset track_counts`;
});

test("policies of row-level security that change are seen", async () => {
  const { sql } = database;
  await sql.unsafe(`create table secured (id int); alter table secured enable row level security;
    create policy small on secured using (id < 5); create materialized view s as select id from secured`);
  await refresh(sql, "s", { mode: "plain" });
  await sql`alter policy small on secured using (id < 50)`;
  expect(await changesBelow(sql, "s")).toMatchObject({ state: "replaced", bases: ["secured"] });
});

test("a thousand partitions are one table", async () => {
  const { sql } = await createDatabaseWithEngine();
  await sql.unsafe("create table big (id int) partition by range (id)");
  // One transaction for each hundred, because it locks each of them.
  for (let hundred = 0; hundred < 10; hundred += 1) {
    await sql.unsafe(`do $$ begin for i in ${hundred * 100}..${hundred * 100 + 99} loop
      execute format('create table big_%s partition of big for values from (%s) to (%s)', i, i, i + 1);
    end loop; end $$`);
  }
  await sql.unsafe("insert into big select generate_series(0, 999)");
  await sql.unsafe("create materialized view of_big as select count(*) as n from big");
  await refresh(sql, "of_big");
  expect(await changesBelow(sql, "of_big")).toEqual({ state: "unchanged", changes: 0, bases: [] });
  await sql`insert into big values (7), (999)`;
  expect(await changesBelow(sql, "of_big")).toEqual({
    state: "changed",
    changes: 2,
    bases: ["big"],
  });
});

describe("after a crash of the server", () => {
  test("nothing is known", async () => {
    const server = await startThrowawayServer();
    await withSession(connectionOf(server.url), {}, installEngine);
    const before = openSession(server.url);
    await before.unsafe(`create table t (id int); create materialized view v as select id from t`);
    await refresh(before, "v");
    expect(await changesBelow(before, "v")).toMatchObject({ state: "unchanged" });
    const [own] = await before<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await killBackend(server.url, own?.pid ?? 0);
    const after = openSession(server.url);
    expect(await changesBelow(after, "v")).toMatchObject({ state: "unknown", bases: ["t"] });
    expect(await refresh(after, "v")).toMatchObject({ reason: "no_unique_index", error: null });
    expect(await changesBelow(after, "v")).toMatchObject({ state: "unchanged" });
  });
});

test(
  "after a switchover to another server and back it is not known",
  { timeout: 180_000 },
  async () => {
    const server = await startThrowawayServer();
    await withSession(connectionOf(server.url), {}, installEngine);
    const before = openSession(server.url);
    await before.unsafe(`create table t (id int); create materialized view v as select id from t`);
    await refresh(before, "v");
    const [place] = await before<{ data_directory: string }[]>`show data_directory`;
    await before.end();
    await server.shutDown();
    // What this server would replay of the other one's writes changes its files, and none of its counts.
    await writeFile(join(place?.data_directory ?? "", "standby.signal"), "");
    await server.start();
    const after = openSession(server.url);
    await after`select pg_promote()`;
    expect(await changesBelow(after, "v")).toMatchObject({ state: "unknown", bases: ["t"] });
  },
);
