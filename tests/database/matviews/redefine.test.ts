import type postgres from "postgres";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../../support/catalog-fingerprint.ts";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
} from "../../support/database.ts";
import { applyDefinitions } from "../../support/definitions.ts";

let sql: postgres.Sql;
let name: string;
let reader: string;
let other: string;

const sales = `
  create table sales (region text, amount int);
  insert into sales values ('north', 1), ('north', 2), ('south', 3)`;

const totals = (query: string): string =>
  `create materialized view totals as ${query};\ncreate unique index totals_region on totals (region);`;

const files = {
  "views/totals.sql": totals("select region, sum(amount) as total from sales group by region"),
};
const changed = {
  "views/totals.sql": totals(
    "select region, sum(amount) as total, count(*) as sales from sales group by region",
  ),
};

beforeAll(async () => {
  [reader, other] = [await createRole(), await createRole()];
});

beforeEach(async () => {
  ({ sql, name } = await createDatabaseWithEngine());
  await sql.unsafe(sales);
});

async function valuesOf(query: string): Promise<unknown[]> {
  return [...(await sql.unsafe(query))].map((row) => Object.fromEntries(Object.entries(row)));
}

async function oidOf(relation: string): Promise<unknown> {
  return (await sql`select ${relation}::regclass::oid::int as oid`)[0]?.["oid"];
}

async function schemas(): Promise<unknown[]> {
  return valuesOf("select nspname from pg_namespace where nspname like 'doramaflix%'");
}

test("the new view has what was given to the old one by hand, and nothing else is left", async () => {
  await applyDefinitions(sql, {
    "views/totals.sql": `${files["views/totals.sql"]}\ngrant select on totals to ${other};`,
  });
  await sql.unsafe(`
    grant select on totals to ${reader} with grant option;
    grant select (total) on totals to public;
    comment on materialized view totals is 'by hand';
    comment on column totals.total is 'of the old one';
    comment on index totals_region is 'key';
    alter materialized view totals owner to ${other}`);
  const oid = await oidOf("totals");
  expect(
    await applyDefinitions(sql, {
      "views/totals.sql": `${changed["views/totals.sql"]}\ncomment on column totals.sales is 'new';`,
    }),
  ).toEqual(["views/totals.sql"]);
  expect(await oidOf("totals")).not.toBe(oid);
  expect(
    await valuesOf(`
      select obj_description('totals'::regclass, 'pg_class') as view, col_description('totals'::regclass, 2) as total,
        col_description('totals'::regclass, 3) as sales, obj_description('totals_region'::regclass, 'pg_class') as index,
        pg_get_userbyid(relowner) as owner,
        has_table_privilege('${reader}', 'totals', 'select with grant option') as reader,
        (select attacl::text from pg_attribute where attrelid = 'totals'::regclass and attname = 'total') as public
      from pg_class where relname = 'totals'`),
  ).toEqual([
    {
      view: "by hand",
      total: "of the old one",
      sales: "new",
      index: "key",
      owner: other,
      reader: true,
      public: `{=r/${other}}`,
    },
  ]);
  expect(await schemas()).toEqual([]);
});

/** A diamond, with names that need quotes. */
function texts(base: string, query: string): Record<string, string> {
  return {
    "views/totals.sql": totals(`select region, sum(amount) as ${base} from sales group by region`),
    'views/Plain "one".sql': `create or replace view "Plain ""one""" with (security_barrier) as select * from totals;\ngrant select on "Plain ""one""" to ${reader};`,
    "views/left.sql": `create materialized view "left" as select ${base} as l from "Plain ""one""";`,
    "views/right.sql": `create materialized view "right" with (fillfactor = 70) as select ${base} as r from totals ${query};`,
    "views/top.sql": `create materialized view top as select l, r from "left" join "right" on l = r;`,
    "views/leaf.sql": "create view leaf as select * from top;",
  };
}

test("the catalog is that of a database in which the new files were applied at first", async () => {
  await applyDefinitions(sql, texts("total", ""));
  expect(await applyDefinitions(sql, texts("sum_total", "where true"))).toHaveLength(6);
  const fresh = await createDatabaseWithEngine();
  await fresh.sql.unsafe(sales);
  await applyDefinitions(fresh.sql, texts("sum_total", "where true"));
  expect(
    fingerprintDifference(await catalogFingerprint(fresh.sql), await catalogFingerprint(sql)),
  ).toBe("");
  expect(await valuesOf("select l from leaf order by 1")).toEqual([
    { l: "3" },
    { l: "3" },
    { l: "3" },
    { l: "3" },
  ]);
});

test("views that read it are built anew on the new one, each once, though their files are the same", async () => {
  const dependents = {
    "views/plain.sql": "create view plain as select region, total from totals;",
    "views/a_above.sql": "create materialized view a_above as select total from plain;",
    "views/b_above.sql":
      "create materialized view b_above as select total from plain union all select total from a_above;",
  };
  await applyDefinitions(sql, { ...files, ...dependents });
  await sql.unsafe(`
    create function refuse() returns trigger language plpgsql as 'begin return null; end';
    create trigger by_hand instead of insert on plain for each row execute function refuse();
    alter view plain alter column total set default 7;
    insert into sales values ('west', 10)`);
  expect(await applyDefinitions(sql, { ...changed, ...dependents })).toEqual([
    "views/totals.sql",
    "views/plain.sql",
    "views/a_above.sql",
    "views/b_above.sql",
  ]);
  expect(await valuesOf("select count(*)::int as n, sum(total)::int as s from b_above")).toEqual([
    { n: 6, s: 32 },
  ]);
  expect(
    await valuesOf(
      "select tgname, (select column_default from information_schema.columns where table_name = 'plain' and column_name = 'total') as d from pg_trigger where tgrelid = 'plain'::regclass",
    ),
  ).toEqual([{ tgname: "by_hand", d: "7" }]);
  expect(
    await valuesOf(
      "select view_name, mode, reason, row_count::int as n from matview_refreshes order by refresh_id offset 3",
    ),
  ).toEqual([
    { view_name: "totals", mode: "swap", reason: "redefined", n: 3 },
    { view_name: "a_above", mode: "swap", reason: "redefined", n: 3 },
    { view_name: "b_above", mode: "swap", reason: "redefined", n: 6 },
  ]);
  expect(
    await valuesOf(
      "select d.mode, d.reason from materialized_views() m, refresh_decision(m.view) d",
    ),
  ).toEqual(Array.from({ length: 3 }, () => ({ mode: null, reason: "unchanged" })));
});

test("a view whose file is gone is built anew too", async () => {
  const gone = { "views/gone.sql": "create materialized view gone as select total from totals;" };
  await applyDefinitions(sql, { ...files, ...gone });
  await sql.unsafe("insert into sales values ('west', 10)");
  expect(await applyDefinitions(sql, changed)).toEqual(["views/totals.sql"]);
  expect(await valuesOf("select sum(total)::int as total from gone")).toEqual([{ total: 16 }]);
});

test("plain views that are in no file stay what they are, and read the new one", async () => {
  await applyDefinitions(sql, files);
  await sql.unsafe(`
    create view by_hand with (security_barrier) as select total, region from totals;
    create view "Above" as select * from by_hand;
    grant select on by_hand to ${reader};
    comment on column by_hand.total is 'kept'`);
  const before = await catalogFingerprint(sql);
  const oid = await oidOf("by_hand");
  await applyDefinitions(sql, changed);
  expect(await oidOf("by_hand")).toBe(oid);
  const difference = fingerprintDifference(before, await catalogFingerprint(sql));
  expect(difference).not.toMatch(/by_hand|Above/);
  await sql.unsafe("insert into sales values ('east', 9); refresh materialized view totals");
  expect(await valuesOf(`select region from "Above" where total = 9`)).toEqual([
    { region: "east" },
  ]);
});

test("in several schemas, along the search_path of the connection", async () => {
  await sql.unsafe(`
    create schema "Data ""x"""; create schema other;
    alter database ${name} set search_path = "Data ""x""", public`);
  const session = openSession(urlOf({ database: name }));
  await applyDefinitions(session, {
    ...files,
    "views/plain.sql": "create view plain as select * from totals;",
  });
  await session.unsafe(`
    create table other.totals (region text, total int);
    create view other.by_hand as select t.total, o.total as o from totals t left join other.totals o using (region)`);
  await applyDefinitions(session, {
    ...changed,
    "views/plain.sql": "create view plain as select * from totals;",
  });
  expect(
    await session.unsafe(
      "select relnamespace::regnamespace::text as s, relname, relkind from pg_class where relname ~ 'totals|plain' order by 1, 2",
    ),
  ).toEqual([
    { s: `"Data ""x"""`, relname: "plain", relkind: "v" },
    { s: `"Data ""x"""`, relname: "totals", relkind: "m" },
    { s: `"Data ""x"""`, relname: "totals_region", relkind: "i" },
    { s: "other", relname: "totals", relkind: "r" },
  ]);
  expect(await session.unsafe("select count(sales)::int as n from plain")).toEqual([{ n: 2 }]);
  expect(
    await session.unsafe("select count(total)::int as n, count(o)::int as o from other.by_hand"),
  ).toEqual([{ n: 2, o: 0 }]);
});

test("while it is built, nobody who reads has to wait", async () => {
  await applyDefinitions(sql, files);
  await sql.unsafe(`
    create function locks() returns text language sql volatile as $$
      select string_agg(distinct c.relname || ' ' || l.mode, ', ') from pg_locks l join pg_class c on c.oid = l.relation
      where l.pid = pg_backend_pid() and l.relation in ('public.totals'::regclass, 'public.sales'::regclass)
    $$`);
  await applyDefinitions(sql, {
    "views/totals.sql": totals("select region, locks() as locks, 1 as total from sales group by 1"),
  });
  expect(await valuesOf("select distinct locks from totals")).toEqual([
    { locks: "sales AccessShareLock" },
  ]);
});

test("a view that is new and reads a changed one is created with it, with the privileges that are default in its schema", async () => {
  await applyDefinitions(sql, files);
  await sql.unsafe(`alter default privileges in schema public grant select on tables to ${reader}`);
  await applyDefinitions(sql, {
    ...changed,
    "views/fresh.sql": "create materialized view fresh as select sales from totals;",
    "functions/read.sql":
      "create function read() returns bigint language sql stable as 'select sum(sales) from totals';",
  });
  expect(
    await valuesOf(`select read()::int as read, has_table_privilege('${reader}', 'fresh', 'select') as fresh,
      has_table_privilege('${reader}', 'totals', 'select') as totals`),
  ).toEqual([{ read: 3, fresh: true, totals: false }]);
});
