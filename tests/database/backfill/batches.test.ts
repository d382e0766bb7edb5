import { beforeAll, describe, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

/** Walks through a table from its first key to its last, and returns what the batches did. */
async function walk(
  name: string,
  table: string,
  { key, type, size }: { readonly key: string; readonly type: string; readonly size: number },
): Promise<{ readonly walked: number; readonly changed: number; readonly finished: boolean }[]> {
  const { sql } = database;
  await sql`select begin_backfill(${name}, 'sha256:a', ${table}::text::regclass, ${key})`;
  const column = `"${key.replaceAll('"', '""')}"`;
  const statement = `update ${table} set n = n + 1 where ${column} between $1::${type} and $2::${type}`;
  const batches: { walked: number; changed: number; finished: boolean }[] = [];
  while (batches.at(-1)?.finished !== true && batches.length < 100) {
    const [batch] = await sql<{ walked: number; changed: number; finished: boolean }[]>`
      select walked::int, changed::int, finished from run_backfill_batch(${name}, ${statement}, ${size})`;
    if (batch !== undefined) batches.push(batch);
  }
  return batches;
}

const longName = "ü".repeat(31);

describe.each([
  ["integer", "id", "integer", "g"],
  ["bigint", "id", "bigint", "g * 1000000000000"],
  ["negative numbers", "id", "numeric(20,3)", "-g / 7.0"],
  ["uuid", "id", "uuid", "md5(g::text)::uuid"],
  [
    "timestamptz",
    "at",
    "timestamptz",
    "'2026-03-29 00:30+01'::timestamptz + g * interval '17 minutes 1 microsecond'",
  ],
  ["date", "at", "date", "'2026-01-01'::date + g"],
  ["text", "Name", "text", "E'it''s \\\\ ü ' || g"],
  ["a collated text", "name", 'text collate "C"', "chr(64 + g % 60) || g"],
  ["varchar", longName, "varchar(20)", "'ß' || g"],
  ["a name with quotes", "a \"b\" 'c'", "bigint", "g"],
] as const)("%s", (...[title, key, type, value]) => {
  test("is walked through once, whatever the session's settings", async () => {
    const { sql } = database;
    const table = `"T ${title}"`;
    const column = `"${key.replaceAll('"', '""')}"`;
    await sql.unsafe(
      `create table ${table} (${column} ${type} primary key, n int not null default 0);
       insert into ${table} select ${value} from generate_series(1, 95) g;
       set timezone = 'America/New_York'; set datestyle = 'SQL, DMY'; set extra_float_digits = -5`,
    );
    const plainType = type.replace(/ collate.*/, "");
    const batches = await walk(title, table, { key, type: plainType, size: 10 });
    await sql`reset all`;
    expect(batches.map(({ walked, changed }) => [walked, changed])).toEqual([
      ...Array.from({ length: 9 }, () => [10, 10]),
      [5, 5],
    ]);
    expect(await sql.unsafe(`select n, count(*)::int from ${table} group by n`)).toEqual([
      { n: 1, count: 95 },
    ]);
    const [row] = await sql`
      select batches::int, rows_walked::int, rows_changed::int, finished_at is not null as finished, done_to = last_key as at_end
      from backfills where name = ${title}`;
    expect(row).toEqual({
      batches: 10,
      rows_walked: 95,
      rows_changed: 95,
      finished: true,
      at_end: true,
    });
  });
});

test("rows with the same key are in one batch, also in a partitioned table", async () => {
  const { sql } = database;
  await sql.unsafe(
    `create table many (at date not null, n int not null default 0) partition by range (at);
     create table many_1 partition of many for values from ('2026-01-01') to ('2026-01-15');
     create table many_2 partition of many for values from ('2026-01-15') to ('2026-02-01');
     create index on many (at);
     insert into many select '2026-01-01'::date + g / 10 from generate_series(0, 299) g`,
  );
  const batches = await walk("many", "many", { key: "at", type: "date", size: 15 });
  // Fifteen keys end in the middle of a day, all of whose rows are changed.
  expect(batches.map(({ changed }) => changed).slice(0, 2)).toEqual([20, 20]);
  expect(await sql`select n, count(*)::int from many group by n`).toEqual([{ n: 1, count: 300 }]);
});

test("the end is fixed at the beginning, and rows in the middle are found", async () => {
  const { sql } = database;
  await sql`create table grows (id int primary key, n int not null default 0)`;
  await sql`insert into grows select g * 10 from generate_series(1, 20) g`;
  await sql`select begin_backfill('grows', 'sha256:a', 'grows', 'id')`;
  const batch = `select walked::int, finished from run_backfill_batch('grows', 'update grows set n = n + 1 where id between $1::int and $2::int', 10)`;
  expect(await sql.unsafe(batch)).toEqual([{ walked: 10, finished: false }]);
  await sql`insert into grows values (5), (105), (201)`;
  expect(await sql.unsafe(batch)).toEqual([{ walked: 10, finished: false }]);
  expect(await sql.unsafe(batch)).toEqual([{ walked: 1, finished: true }]);
  expect(await sql.unsafe(batch)).toEqual([{ walked: 0, finished: true }]);
  expect(await sql`select id from grows where n = 0 order by id`).toEqual([{ id: 5 }, { id: 201 }]);
  expect(await sql`select max(n) from grows`).toEqual([{ max: 1 }]);
});

test("a failed batch leaves the journal as it was", async () => {
  const { sql } = database;
  await sql`create table bad (id int primary key, n int)`;
  await sql`insert into bad select g, 20 - g from generate_series(1, 30) g`;
  await sql`select begin_backfill('bad', 'sha256:a', 'bad', 'id')`;
  const batch = `select from run_backfill_batch('bad', 'update bad set n = 1 / n where id between $1::int and $2::int', 10)`;
  await sql.unsafe(batch);
  await expect(sql.unsafe(batch)).rejects.toMatchObject({ code: "22012" });
  expect(await sql`select done_to, batches::int from backfills where name = 'bad'`).toEqual([
    { done_to: "10", batches: 1 },
  ]);
});

test.for([
  [
    "no column",
    "create table x (id int primary key)",
    "nothing",
    'Table "public.x" has no column "nothing".',
  ],
  [
    "no index",
    "create table x (id int primary key, a int)",
    "a",
    'No index of table "public.x" begins with column "a".',
  ],
  [
    "a second column of an index",
    "create table x (a int, b int, primary key (a, b))",
    "b",
    "No index",
  ],
  ["a partial index", "create table x (a int); create index on x (a) where a > 0", "a", "No index"],
  ["a hash index", "create table x (a int); create index on x using hash (a)", "a", "No index"],
  [
    "an index of another order",
    "create table x (a text); create index on x (a text_pattern_ops)",
    "a",
    "No index",
  ],
  [
    "nulls",
    "create table x (a int unique); insert into x values (null)",
    "a",
    "is null in some rows",
  ],
  [
    "a primary key of two columns",
    "create table x (a int, b int, primary key (a, b))",
    null,
    "no primary key of one column",
  ],
  ["no primary key", "create table x (a int)", null, "no primary key of one column"],
  [
    "a type without an order of its own",
    "create table x (a jsonb primary key)",
    "a",
    "is of type jsonb",
  ],
  ["a view", "create view x as select 1 as a", "a", "is no table"],
] as const)("%s is refused", async ([, create, key, message]) => {
  const { sql } = database;
  await sql.unsafe("drop table if exists x cascade").catch(async () => sql.unsafe("drop view x"));
  await sql.unsafe(create);
  await expect(sql`select backfill_target('x', ${key})`).rejects.toMatchObject({
    code: "DF080",
    message: expect.stringContaining(message) as string,
    hint: expect.stringMatching(/\w{3}/) as string,
  });
});

test("an unknown backfill is refused, and so is another statement for one that has begun", async () => {
  const { sql } = database;
  await expect(sql`select run_backfill_batch('none', 'select', 1)`).rejects.toMatchObject({
    code: "DF082",
  });
  await sql`create table begun (id int primary key)`;
  await sql`insert into begun values (1)`;
  await sql`select begin_backfill('begun', 'sha256:a', 'begun', null)`;
  const [row] =
    await sql`select relation, key_column, last_key from backfills where name = 'begun'`;
  expect(row).toEqual({ relation: "public.begun", key_column: "id", last_key: "1" });
  await expect(
    sql`select begin_backfill('begun', 'sha256:b', 'begun', 'id')`,
  ).rejects.toMatchObject({
    code: "DF081",
  });
  await sql`select begin_backfill('begun', 'sha256:b', 'begun', 'id', 'accept')`;
  expect(await sql`select checksum from backfills where name = 'begun'`).toEqual([
    { checksum: "sha256:b" },
  ]);
});

test("two sessions share the batches, and none is run twice", async () => {
  const { sql } = database;
  await sql`create table shared (id int primary key, n int not null default 0)`;
  await sql`insert into shared select generate_series(1, 100)`;
  await sql`select begin_backfill('shared', 'sha256:a', 'shared', 'id')`;
  const batch = `select from run_backfill_batch('shared', 'update shared set n = n + 1 where id between $1::int and $2::int', 7)`;
  const other = openSession(database.url);
  for (let round = 0; round < 8; round += 1)
    await Promise.all([sql.unsafe(batch), other.unsafe(batch)]);
  expect(await sql`select n, count(*)::int from shared group by n`).toEqual([{ n: 1, count: 100 }]);
});
