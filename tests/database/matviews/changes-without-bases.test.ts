import { beforeAll, expect, test } from "vitest";
import { createDatabaseWithEngine, createRole, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;
let owner: string;

beforeAll(async () => {
  owner = await createRole();
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    create table t (id int, at timestamptz, name text) ;
    create sequence s;
    create function steady(int) returns int immutable language plpgsql as 'begin return 2 * $1; end';
    create function shaky(int) returns int stable language plpgsql as 'begin return $1; end';
    create function timed(int) returns timestamptz begin atomic select now() + $1 * interval '1 day'; end;
    create function plain(int) returns int begin atomic select $1 + 1; end;
    create function add(int, int) returns int stable language plpgsql as 'begin return $1 + $2; end';
    create aggregate total(int) (sfunc = add, stype = int, initcond = '0');
    create operator ## (function = shaky, rightarg = int);
    create view inner_view as select id from t where at > now();
    create foreign data wrapper dummy; create server far foreign data wrapper dummy;
    create foreign table far_t (id int) server far;
    create table parts (id int) partition by range (id);
    create foreign table far_part partition of parts for values from (0) to (9) server far;
    create table mine (id int, who text); alter table mine enable row level security;
    create policy own on mine using (who = current_user);
    create policy listed on mine using (id in (select id from t));
    grant create, usage on schema public to ${owner}; grant select on mine to ${owner};`);
});

test.each([
  ["now()", "select id from t where at > now()", ["now()"]],
  ["current_date", "select current_date - 1 as d from t", ["current_date or the like"]],
  ["current_user", "select id from t where name = current_user", ["current_date or the like"]],
  ["random()", "select random() as r from t", ["random()"]],
  ["clock_timestamp()", "select clock_timestamp() as r from t", ["clock_timestamp()"]],
  ["nextval()", "select nextval('s') as n", ["nextval()"]],
  ["current_setting()", "select current_setting('TimeZone') as z", ["current_setting()"]],
  ["age() of one", "select age(at) as a from t", ["age()"]],
  ["age() of two", "select age(at, at) as a from t", []],
  ["a stable function", "select shaky(id) as n from t", ["public.shaky()"]],
  ["an operator of it", "select ## id as n from t", ["public.shaky()"]],
  ["an aggregate of a stable function", "select total(id) as n from t", ["public.add()"]],
  ["an immutable function", "select steady(id) as n from t", []],
  ["a function with a parsed body", "select plain(id) as n from t", []],
  ["a function with now() in its parsed body", "select timed(id) as n from t", ["now()"]],
  ["a foreign table", "select id from far_t", ["public.far_t"]],
  ["a foreign partition", "select id from parts", ["public.far_part"]],
  ["the system catalog", "select relname from pg_class", ["the system catalog"]],
  ["what the server does", "select pg_relation_size('t') as n", ["pg_relation_size()"]],
  ["a transaction's number", "select pg_current_xact_id()::text as n", ["pg_current_xact_id()"]],
  ["TABLESAMPLE", "select id from t tablesample bernoulli (50)", ["TABLESAMPLE"]],
  ["to_char()", "select to_char(at, 'YYYY') as y from t", []],
  [
    "the session's time zone",
    "select at::date as d, date_trunc('day', at) as e, at at time zone 'UTC' as u from t",
    [],
  ],
  ["a subquery", "select id from t where exists (select from t u where u.at > now())", ["now()"]],
  ["a CTE", "with w as materialized (select random() as r) select r from w", ["random()"]],
  ["an aggregate's filter", "select count(*) filter (where at > now()) as n from t", ["now()"]],
  [
    "a window",
    "select sum(id) over (order by at > now()) as n, row_number() over () as r from t",
    ["now()"],
  ],
  ["a plain view between", "select id from inner_view", ["now()"]],
  ["a table function", "select g from generate_series(1, 3) g", []],
  [
    "several",
    "select random() as r, now() as n, shaky(1) as s",
    ["now()", "public.shaky()", "random()"],
  ],
  ["policies that the superuser passes by", "select id from mine", []],
])("%s", async (_, query, expected) => {
  const { sql } = database;
  await sql.unsafe(
    `drop materialized view if exists v; create materialized view v as ${query} with no data`,
  );
  const [row] = await sql<
    { names: string[] }[]
  >`select to_jsonb(changes_without_bases('v')) as names`;
  expect(row?.names).toEqual(expected);
});

test("policies for the owner of the view", async () => {
  const { sql } = database;
  await sql.unsafe(`create materialized view secured as select id from mine with no data;
    alter materialized view secured owner to ${owner}`);
  const [row] = await sql`select to_jsonb(changes_without_bases('secured')) as names`;
  expect(row).toEqual({ names: ["current_date or the like", "row-level security of public.mine"] });
});

test("the information schema", async () => {
  const { sql } = database;
  await sql.unsafe(
    "create materialized view informed as select table_name::text from information_schema.tables with no data",
  );
  const [row] = await sql<{ names: string[] }[]>`
    select to_jsonb(changes_without_bases('informed')) as names`;
  expect(row?.names).toContain("the system catalog");
});
