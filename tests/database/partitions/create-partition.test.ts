import { beforeAll, describe, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";

let database: TestDatabase;
let owner: string;
let reader: string;

beforeAll(async () => {
  // Before the database, so that it goes before them.
  [owner, reader] = [await createRole(), await createRole()];
  database = await createDatabaseWithEngine();
});

/** Creates a table that is partitioned by a timestamptz. */
async function createParent(name: string, columns = "at timestamptz not null"): Promise<void> {
  await database.sql.unsafe(`create table ${name} (${columns}) partition by range (at)`);
}

async function create(parent: string, day = "2025-02-14"): Promise<readonly object[]> {
  return database.sql`select partition::text, created from create_monthly_partition(${parent}::regclass, ${day}::text::date)`;
}

test("the documented call creates a partition once", async () => {
  const { sql } = database;
  await createParent("documented");
  const call = async (): Promise<readonly object[]> =>
    sql.unsafe(
      `select partition::text, "from"::text, "to"::text, created from create_monthly_partition('documented', '2025-02-01')`,
    );
  const partition = {
    partition: "documented_2025_02",
    from: "2025-02-01 00:00:00",
    to: "2025-03-01 00:00:00",
  };
  expect(await call()).toEqual([{ ...partition, created: true }]);
  expect(await call()).toEqual([{ ...partition, created: false }]);
  expect(
    await sql.unsafe(
      `select partition::text, created from create_yearly_partition('documented', '2027-05-05')`,
    ),
  ).toEqual([{ partition: "documented_2027", created: true }]);
});

test("a partition of another name with the same bounds is the one", async () => {
  await createParent("renamed");
  await create("renamed");
  await database.sql`alter table renamed_2025_02 rename to february`;
  expect(await create("renamed")).toEqual([{ partition: "february", created: false }]);
});

describe("is refused, and says why:", () => {
  test.each([
    [
      "a table without partitions",
      { statement: "create table plain (at date)", parent: "plain", reason: "is not partitioned" },
    ],
    [
      "partitions by lists",
      {
        statement: "create table by_list (at date) partition by list (at)",
        parent: "by_list",
        reason: "is partitioned by lists and not by ranges",
      },
    ],
    [
      "partitions by hash",
      {
        statement: "create table by_hash (at date) partition by hash (at)",
        parent: "by_hash",
        reason: "is partitioned by hash and not by ranges",
      },
    ],
    [
      "several columns",
      {
        statement: "create table by_two (at date, n int) partition by range (at, n)",
        parent: "by_two",
        reason: "is partitioned by several columns",
      },
    ],
    [
      "an expression",
      {
        statement:
          "create table by_expression (at timestamp) partition by range (date_trunc('day', at))",
        parent: "by_expression",
        reason: "is partitioned by an expression",
      },
    ],
    [
      "a type without time",
      {
        statement: "create table by_text (at text) partition by range (at)",
        parent: "by_text",
        reason: "is partitioned by a column of type text, which holds no time",
      },
    ],
    [
      "a number without an encoding",
      {
        statement: "create table by_number (at bigint) partition by range (at)",
        parent: "by_number",
        reason: "its policy does not say how that holds a time",
      },
    ],
  ])("%s", async (_, { statement, parent, reason }) => {
    await database.sql.unsafe(statement);
    await expect(create(parent)).rejects.toMatchObject({
      code: "DF020",
      message: expect.stringContaining(reason) as string,
      hint: expect.stringMatching(/\w/) as string,
    });
  });

  test.each(["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"])(
    "the day %s",
    async (day) => {
      await database.sql`create table if not exists far (at date not null) partition by range (at)`;
      await expect(create("far", day)).rejects.toMatchObject({ code: "DF025" });
    },
  );

  test("a partition that has a part of the period", async () => {
    await createParent("overlapped");
    await database.sql`select create_yearly_partition('overlapped', '2025-01-01')`;
    await expect(create("overlapped")).rejects.toMatchObject({
      code: "DF021",
      message:
        'Table "public.overlapped" has a partition for a part of 2025-02-01 to 2025-03-01: "public.overlapped_2025".',
    });
  });

  test("a table with the name of the partition", async () => {
    await createParent("in_the_way");
    await database.sql`create table in_the_way_2025_02 (x int)`;
    await expect(create("in_the_way")).rejects.toMatchObject({ code: "DF022" });
    expect(await database.sql`select count(*)::int as n from in_the_way_2025_02`).toEqual([
      { n: 0 },
    ]);
  });

  test("rows of the period in the default partition", async () => {
    await createParent("strays");
    await database.sql`create table strays_default partition of strays default`;
    await database.sql`insert into strays values ('2025-02-03'), ('2025-05-03')`;
    await expect(create("strays")).rejects.toMatchObject({
      code: "DF023",
      hint: expect.stringContaining("partitions doctor --fix") as string,
    });
    expect(await create("strays", "2025-03-01")).toMatchObject([{ created: true }]);
    expect(await database.sql`select count(*)::int as n from strays`).toEqual([{ n: 2 }]);
  });

  test("a role that does not own the table", async () => {
    await createParent("of_another");
    await database.sql.unsafe(
      `grant execute on all functions in schema public to ${reader}; grant select on partition_policies to ${reader}; grant create on schema public to ${reader}`,
    );
    const sql = openSession(urlOf({ database: database.name, user: reader, password: "secret" }));
    await expect(
      sql`select create_monthly_partition('of_another', '2025-02-01')`,
    ).rejects.toMatchObject({ code: "42501" });
    expect(await database.sql`select to_regclass('of_another_2025_02') as made`).toEqual([
      { made: null },
    ]);
  });
});

describe("names", () => {
  const long = "n".repeat(60);

  test("are cut to 63 bytes, and stay apart", async () => {
    const { sql } = database;
    await createParent(long);
    await createParent(`${long}x`);
    for (const parent of [long, `${long}x`])
      for (const day of ["2025-01-01", "2025-02-01"]) await create(parent, day);
    const found = await sql<{ name: string }[]>`select c.relname as name from pg_inherits i
      join pg_class c on c.oid = i.inhrelid where i.inhparent::regclass::text like 'nnn%' and c.relkind = 'r'`;
    expect(new Set(found.map(({ name }) => name)).size).toBe(4);
    expect(found.every(({ name }) => /_[0-9a-f]{8}_2025_0[12]$/.test(name))).toBe(true);
  });

  test("are cut between characters of several bytes", async () => {
    await createParent(`"${"é".repeat(31)}"`);
    const [made] = await database.sql<
      { name: string }[]
    >`select partition_name(${"é".repeat(31)}::regclass, '2025_02') as name`;
    expect(made?.name).toMatch(/^é{23}_[0-9a-f]{8}_2025_02$/);
  });

  test("with quotes and capitals, in another schema", async () => {
    const { sql } = database;
    await sql`create schema "My Schema"`;
    await sql`create table "My Schema"."Say ""hi""" (at date not null) partition by range (at)`;
    const [created] = await sql<{ partition: string }[]>`select partition::text
      from create_monthly_partition('"My Schema"."Say ""hi"""', '2025-02-01')`;
    expect(created?.partition).toBe('"My Schema"."Say ""hi""_2025_02"');
  });
});

test("a new partition has what its parent has, and a partition does not inherit", async () => {
  const { sql } = database;
  await sql.unsafe(`
    create table users (id int primary key);
    create table rich (
      id int generated always as identity, user_id int references users, at timestamptz not null, note text,
      twice int generated always as (user_id * 2) stored, primary key (id, at)
    ) partition by range (at);
    alter table rich alter column note set storage external;
    create index on rich (user_id);
    alter table rich alter column user_id set statistics 700;
    alter table rich replica identity full;
    alter table rich enable row level security;
    create policy own on rich for select to ${reader} using (user_id in (select id from users));
    grant select, insert on rich to ${reader};
    alter table rich owner to ${owner};
    insert into partition_policies (parent, granularity, storage_parameters, inherit_privileges, row_security)
    values ('rich', 'monthly', '{fillfactor=70,autovacuum_vacuum_scale_factor=0.02}', true, 'inherit');
  `);
  await create("rich");
  const properties = async (table: string): Promise<readonly object[]> =>
    sql`select * from table_properties(${table}::regclass) where property <> 'storage parameter' order by 1, 2`;
  expect(await properties("rich_2025_02")).toEqual(await properties("rich"));
  expect(
    await sql`select item, value from table_properties('rich_2025_02') where property = 'storage parameter' order by 1`,
  ).toEqual([
    { item: "autovacuum_vacuum_scale_factor", value: "0.02" },
    { item: "fillfactor", value: "70" },
  ]);
  expect(
    await sql`select count(*)::int as n from pg_index where indrelid = 'rich_2025_02'::regclass`,
  ).toEqual([{ n: 2 }]);
  await sql`insert into users values (1)`;
  await sql`insert into rich (user_id, at) values (1, '2025-02-02')`;
  await expect(sql`insert into rich (user_id, at) values (2, '2025-02-02')`).rejects.toMatchObject({
    code: "23503",
  });
  // The newest partition's, where the policy says nothing.
  await sql`update partition_policies set storage_parameters = null where parent = 'rich'::regclass`;
  await create("rich", "2025-03-01");
  expect(await properties("rich_2025_03")).toEqual(await properties("rich"));
  expect(
    await sql`select value from table_properties('rich_2025_03') where item = 'fillfactor'`,
  ).toEqual([{ value: "70" }]);
});

test.each([
  ["enable", [{ item: "", value: "enable" }]],
  ["none", []],
])("row-level security: %s", async (kind, expected) => {
  const { sql } = database;
  await createParent(`secured_${kind}`);
  await sql.unsafe(`
    alter table secured_${kind} enable row level security;
    alter table secured_${kind} force row level security;
    create policy all_rows on secured_${kind} using (true);
    insert into partition_policies (parent, granularity, row_security) values ('secured_${kind}', 'monthly', '${kind}');
  `);
  await create(`secured_${kind}`);
  expect(
    await sql.unsafe(
      `select item, value from table_properties('secured_${kind}_2025_02') where property in ('row security', 'policy')`,
    ),
  ).toEqual(expected);
});

test("a replica identity by an index is that of the partition's own index", async () => {
  const { sql } = database;
  await sql.unsafe(`
    create table replicated (id int not null, at date not null) partition by range (at);
    create unique index replicated_key on replicated (id, at);
    alter table replicated replica identity using index replicated_key;
  `);
  await create("replicated");
  expect(
    await sql`select c.relreplident, i.indexrelid::regclass::text as index from pg_class c
      join pg_index i on i.indrelid = c.oid and i.indisreplident where c.relname = 'replicated_2025_02'`,
  ).toEqual([{ relreplident: "i", index: "replicated_2025_02_id_at_idx" }]);
});

describe("the tail", () => {
  test("begins after the last partition, and is moved on with each new one", async () => {
    const { sql } = database;
    await createParent("tailed");
    await sql`insert into partition_policies (parent, granularity, catch_all) values ('tailed', 'monthly', 'tail')`;
    await create("tailed");
    expect(await sql`select create_catch_all('tailed') as created`).toEqual([{ created: true }]);
    expect(await sql`select create_catch_all('tailed') as created`).toEqual([{ created: false }]);
    await sql`insert into tailed values ('2025-05-05'), ('infinity')`;
    await create("tailed", "2025-03-01");
    await create("tailed", "2025-04-01");
    await expect(create("tailed", "2025-05-01")).rejects.toMatchObject({ code: "DF023" });
    await expect(create("tailed", "2025-07-01")).rejects.toMatchObject({
      code: "DF021",
      hint: expect.stringContaining("in their order") as string,
    });
    expect(
      await sql`select partition::text, lower_bound::text as from, upper_bound::text as to from partitions_of('tailed') order by 2`,
    ).toEqual([
      { partition: "tailed_2025_02", from: "2025-02-01 00:00:00", to: "2025-03-01 00:00:00" },
      { partition: "tailed_2025_03", from: "2025-03-01 00:00:00", to: "2025-04-01 00:00:00" },
      { partition: "tailed_2025_04", from: "2025-04-01 00:00:00", to: "2025-05-01 00:00:00" },
      { partition: "tailed_tail", from: "2025-05-01 00:00:00", to: "infinity" },
    ]);
    expect(await sql`select count(*)::int as n from tailed`).toEqual([{ n: 2 }]);
    // What a default partition forbids for ever.
    await sql`alter table tailed detach partition tailed_2025_02 concurrently`;
  });
});

test("twenty sessions that create the same partition create one", async () => {
  await createParent("crowded");
  const sessions = Array.from({ length: 20 }, () => openSession(database.url));
  const made = await Promise.all(
    sessions.map(async (sql) => {
      const [row] = await sql<
        { created: boolean }[]
      >`select created from create_monthly_partition('crowded', '2025-02-01')`;
      return row?.created;
    }),
  );
  await Promise.all(sessions.map(async (sql) => sql.end()));
  expect(made.filter((created) => created)).toHaveLength(1);
});

test("a storage parameter of a policy is a name and nothing else", async () => {
  const { sql } = database;
  await createParent("injected");
  await sql.unsafe(`
    create table precious (id int);
    insert into partition_policies (parent, granularity, storage_parameters)
    values ('injected', 'monthly', array['fillfactor = 70); drop table precious; --=1'])`);
  await expect(create("injected")).rejects.toMatchObject({ code: "22023" });
  expect(await sql`select to_regclass('precious') is not null as is_there`).toEqual([
    { is_there: true },
  ]);
});
