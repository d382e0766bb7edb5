import { beforeEach, describe, expect, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { runCli } from "../support/cli.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../support/database.ts";
import { byAt, checksum, convert, convertWhole, failToConvert, richTable } from "./conversion.ts";

let database: TestDatabase;
let url: string;
let sql: TestDatabase["sql"];

beforeEach(async () => {
  database = await createDatabaseWithEngine();
  ({ url, sql } = database);
});

async function partitions(parent: string): Promise<string[]> {
  const rows = await sql<{ partition: string }[]>`
    select concat(o.partition::regclass::text, ' ', o.kind, ' ', o.lower_bound::date) as partition
    from partitions_of(${parent}::regclass) o order by o.lower_bound`;
  return rows.map(({ partition }) => partition);
}

/** In their own order from the first column that is left out, such as a generated one. */
const columns = "id, n, usr_id, at, note, double";

/** What the catalog says of tables named "watch", but for what differs in any partitioned table. */
function named(lines: readonly string[]): string[] {
  return lines.filter(
    (line) => !/^(relation|index|column|statistics) /.test(line) && line.includes("watch"),
  );
}

describe("a table with everything that is carried over", () => {
  beforeEach(async () => {
    await sql.unsafe(richTable);
  });

  test("is shown as a plan, which changes nothing", async () => {
    const before = await catalogFingerprint(sql);
    const { stdout } = await runCli(["partitions", "convert", "watch", ...byAt, "--url", url]);
    expect(stdout).toContain(
      "  create unique index concurrently watch_convert_key on public.watch (id, at);\n" +
        "    -- SHARE UPDATE EXCLUSIVE on public.watch; reads all of it, ",
    );
    expect(stdout).toContain("ACCESS EXCLUSIVE on public.usr; until the end");
    expect(stdout).toMatch(/Rows from \d{4}-\d\d-01 on are refused between/);
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  });

  test("is converted as the plan says, without moving a row", async () => {
    const rows = await checksum(sql, "watch");
    const [before] = await sql`select pg_relation_filenode('watch') as file`;
    const plan = await convert(url, "watch", ...byAt);
    const prepared = await convert(url, "watch", ...byAt, "--prepare");
    expect(prepared).toMatchObject({ state: "prepared", cut: plan.cut });
    const done = await convert(url, "watch", ...byAt, "--cut-over");
    expect(done).toMatchObject({ state: "converted", cut: plan.cut, problems: [] });
    expect(done.lockedFor).toBeGreaterThanOrEqual(0);
    expect([...prepared.statements, ...done.statements].map((each) => each.sql)).toEqual(
      plan.statements.map((each) => each.sql),
    );
    expect(await checksum(sql, "watch")).toBe(rows);
    expect(await sql`select pg_relation_filenode(${done.original}::regclass) as file`).toEqual([
      before,
    ]);
    const [head, ...others] = await partitions("watch");
    expect(head).toMatch(/^watch_before_\d{4}_\d\d_01 head /);
    expect(others.length).toBeGreaterThan(0);
  });

  test("has all of it after the conversion, and in a new partition", async () => {
    const before = await catalogFingerprint(sql);
    const { cut } = await convertWhole(url, "watch", ...byAt);
    const after = new Set(await catalogFingerprint(sql));
    const lost = named(before).filter((line) => !after.has(line));
    // The new key has the column; a parent's constraint is not the child's own any more.
    expect(lost).toEqual([
      "constraint public.watch.watch_pkey PRIMARY KEY (id) validated t own t inherited 0",
    ]);
    await sql`insert into watch (usr_id, at, note) values (3, ${cut}, 'new')`;
    const [row] =
      await sql`select id, n, note, double, tableoid::regclass::text as partition from watch where at = ${cut}`;
    expect(row).toMatchObject({ id: "4001", n: 2001, note: "NEW", double: 6 });
    const [options] = await sql`
      select c.reloptions::text, t.reloptions::text as toast from pg_class c join pg_class t on t.oid = c.reltoastrelid
      where c.oid = ${String(row?.["partition"])}::regclass`;
    expect(options).toEqual({ reloptions: "{fillfactor=80}", toast: "{autovacuum_enabled=off}" });
  });

  test("does nothing the second time", async () => {
    await convertWhole(url, "watch", ...byAt);
    const before = await catalogFingerprint(sql);
    for (const step of ["--prepare", "--cut-over"]) {
      const again = await convert(url, "watch", ...byAt, step);
      expect(again).toMatchObject({ state: "converted", statements: [], lockedFor: null });
    }
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  });

  test("is as it was after --undo, with the rows that came meanwhile", async () => {
    const before = await catalogFingerprint(sql);
    const { cut } = await convertWhole(url, "watch", ...byAt);
    await sql`insert into watch (usr_id, at, note)
      select 1, ${cut}::timestamptz + g * interval '1 hour', 'later' from generate_series(0, 1000) g`;
    const select = `(select ${columns} from watch)`;
    const rows = await checksum(sql, select);
    const asked = await failToConvert(url, "watch", "--undo");
    expect(asked).toMatchObject({ code: "USAGE", exitCode: 2 });
    const undone = await convert(url, "watch", "--undo", "--yes");
    expect(undone).toMatchObject({ state: "plain", newerRows: 1001 });
    expect(await checksum(sql, select)).toBe(rows);
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
    const [next] = await sql`insert into watch (usr_id, at) values (1, now()) returning n`;
    expect(next).toEqual({ n: 3002 });
    expect(await convert(url, "watch", "--undo")).toMatchObject({ state: "plain", statements: [] });
  });

  test("is as it was after a preparation that is undone", async () => {
    const before = await catalogFingerprint(sql);
    await convert(url, "watch", ...byAt, "--prepare");
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).not.toBe("");
    expect(await convert(url, "watch", "--undo")).toMatchObject({ state: "plain" });
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  });
});

test("a name with capitals, quotes and blanks, in another schema, with and without its quotes", async () => {
  await sql.unsafe(`
    create schema "My Shop";
    create table "My Shop"."Watch ""It""" ("Nr" serial primary key, "the 'time'" timestamp not null);
    create index "By ""Time""" on "My Shop"."Watch ""It""" ("the 'time'");
    insert into "My Shop"."Watch ""It""" ("the 'time'") values ('2026-01-01')`);
  const name = `"My Shop"."Watch ""It"""`;
  const before = await catalogFingerprint(sql);
  const options = ["--by", "the 'time'", "--granularity", "quarterly"];
  expect(await convertWhole(url, name, ...options)).toMatchObject({ table: name });
  expect((await partitions(name))[1]).toMatch(/^"My Shop"."Watch ""It""_\d{4}_q\d" range /);
  await sql.unsafe(`alter database ${database.name} set search_path = "My Shop"`);
  const undone = await convert(url, `Watch "It"`, "--undo", "--yes");
  expect(undone).toMatchObject({ table: name, state: "plain" });
  await sql.unsafe(`alter database ${database.name} reset search_path`);
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
});

test.each([
  {
    type: "uuid",
    encoding: "uuidv7",
    rows: "select encode_partition_bound(timestamp '2026-01-01' + g * interval '1 day', 'uuidv7')::uuid from generate_series(1, 50) g",
  },
  {
    type: "bigint",
    encoding: "epoch_milliseconds",
    rows: "select 1767225600000 + g * 86400000::bigint from generate_series(1, 50) g",
  },
  {
    type: "date",
    encoding: null,
    rows: "select date '2026-01-01' + g from generate_series(1, 50) g",
  },
])("a key of type $type that is the primary key itself", async ({ type, encoding, rows }) => {
  await sql.unsafe(`create table event (at ${type} primary key); insert into event ${rows}`);
  const before = await catalogFingerprint(sql);
  const options = [...byAt, ...(encoding === null ? [] : ["--key-encoding", encoding])];
  const { statements } = await convert(url, "event", ...options);
  expect(statements.map((each) => each.sql).join("\n")).not.toContain("concurrently");
  const { cut } = await convertWhole(url, "event", ...options, "--ahead", "12");
  const later = `encode_partition_bound('${cut}'::timestamptz at time zone 'UTC', '${encoding ?? "date"}')`;
  await sql.unsafe(`insert into event values (${later}::${type})`);
  const day = cut?.slice(0, 10) ?? "";
  expect(await partitions("event")).toContain(
    `event_${day.slice(0, 7).replace("-", "_")} range ${day}`,
  );
  const all = await checksum(sql, "event");
  expect(await convert(url, "event", "--undo", "--yes")).toMatchObject({ newerRows: 1 });
  expect(await checksum(sql, "event")).toBe(all);
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
});

test("a table without a key, by the week, cut at a given day", async () => {
  await sql.unsafe("create table log (at timestamp); insert into log values ('2026-01-01')");
  const day = "2099-01-05";
  const options = ["--by", "at", "--granularity", "weekly", "--cut-at"];
  expect(await failToConvert(url, "log", ...options, "2099-01-06")).toMatchObject({
    message: "The table cannot be cut at 2099-01-06: that is no beginning of a weekly period.",
    hint: "For example: --cut-at 2099-01-12",
  });
  expect(await failToConvert(url, "log", ...options, "2025-12-29")).toMatchObject({
    message:
      "The table cannot be cut at 2025-12-29: that is not after the greatest key of the table.",
  });
  await convertWhole(url, "log", ...options, day);
  expect(await partitions("log")).toContain("log_before_2099_01_05 head -infinity");
});

test("a key whose columns have been renamed since, which those of its index are not", async () => {
  await sql.unsafe(
    `create table event (number int, at timestamptz, note text, primary key (number) include (note));
     alter table event rename number to id;
     alter table event rename note to "Note";
     insert into event values (1, '2026-01-01')`,
  );
  await convertWhole(url, "event", ...byAt);
  expect(
    await sql`select pg_get_constraintdef(oid) as key from pg_constraint where conname = 'event_pkey'`,
  ).toEqual([{ key: 'PRIMARY KEY (id, at) INCLUDE ("Note")' }]);
});
