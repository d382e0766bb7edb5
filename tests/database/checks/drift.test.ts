import { beforeAll, describe, expect, test } from "vitest";
import { compareObjects } from "../../../src/checks/schema/compare-schemas.ts";
import { readSchema } from "../../../src/checks/schema/read-schema.ts";
import type { Difference } from "../../../src/checks/schema/results.ts";
import { withSession } from "../../../src/db/session.ts";
import { createDatabase, createRole, type TestDatabase } from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";

const objects = `
  create extension citext;
  create table author (id bigint primary key, name text not null default 'nobody');
  create table book (id bigint primary key, author_id bigint references author, title text, pages int, old int);
  create index book_title on book (title);
  create table visit (day date not null, id bigint generated always as identity) partition by range (day);
  create table visit_1 partition of visit for values from ('2024-01-01') to ('2024-02-01');
  create table visit_2 (like visit);
  create table plain (id int) with (fillfactor = 90);
  create sequence counter;
  create type colour as enum ('red', 'green');
  create type place as (x int, y int);
  create domain percentage as int check (value <= 100);
  create function twice(int) returns int language sql as 'select $1 * 2';
  create procedure act() language sql as 'select 1';
  create function before_book() returns trigger language plpgsql as 'begin return new; end';
  create aggregate total(int) (sfunc = int4pl, stype = int);
  create trigger book_before before insert on book for each row execute function before_book();
  create function on_ddl() returns event_trigger language plpgsql as 'begin end';
  create event trigger watch on ddl_command_end execute function on_ddl();
  create policy readers on book using (pages > 0);
  create rule no_delete as on delete to plain do instead nothing;
  create view long_book as select id, author_id from book where pages > 500;
  create materialized view book_count as select count(*) from book;
  create statistics book_statistics on title, pages from book;
  create publication books for table book;
`;

/** One change by hand of each kind, and what is told of it. ROLE and DATABASE stand for their names. */
const changes: readonly (readonly [statement: string, ...told: string[]])[] = [
  ["create schema other", "extra schema other"],
  ["create extension hstore", "extra extension hstore"],
  ["create table fresh (id int primary key, at date)", "extra table public.fresh"],
  ["drop table visit_1", "missing table public.visit_1"],
  ["alter table plain set (fillfactor = 80)", "changed table public.plain"],
  ["alter table book set (toast.autovacuum_enabled = off)", "changed table public.book"],
  ["alter table plain set unlogged", "changed table public.plain"],
  ["alter table plain owner to ROLE", "changed table public.plain"],
  ["alter table book replica identity full", "changed table public.book"],
  ["alter table book enable row level security", "changed table public.book"],
  ["alter table book add column year int", "changed table public.book"],
  ["alter table book drop column old", "changed table public.book"],
  ["alter table plain alter id type bigint", "changed table public.plain"],
  ["alter table author alter name drop default", "changed table public.author"],
  ["alter table author alter name drop not null", "changed table public.author"],
  ['alter table author alter name type text collate "C"', "changed table public.author"],
  ["alter table author alter name set storage external", "changed table public.author"],
  ["alter table author alter name set compression pglz", "changed table public.author"],
  ["alter table author alter name set statistics 500", "changed table public.author"],
  ["alter table visit alter id drop identity", "changed table public.visit"],
  ["alter table book alter pages set default twice(1)", "extra default public.book.pages"],
  [
    "alter table book add constraint year check (year > 0) not valid",
    "extra constraint year on public.book",
  ],
  ["alter table book validate constraint year", "changed constraint year on public.book"],
  [
    "alter table book drop constraint book_author_id_fkey",
    "missing foreign key book_author_id_fkey on public.book",
  ],
  [
    "alter table book add foreign key (author_id) references author on delete cascade",
    "extra foreign key book_author_id_fkey on public.book",
  ],
  [
    "alter table book disable trigger all",
    "changed foreign key book_author_id_fkey on public.book",
    "changed trigger book_before on public.book",
  ],
  ["create index on book (author_id)", "extra index public.book_author_id_idx"],
  ["alter index book_title set (fillfactor = 50)", "changed index public.book_title"],
  [
    "alter index book_title rename to other_title",
    "missing index public.book_title",
    "extra index public.other_title",
  ],
  [
    "update pg_index set indisvalid = false where indexrelid = 'other_title'::regclass",
    "changed index public.other_title",
  ],
  // It builds the index above anew.
  [
    "cluster book using book_pkey",
    "changed constraint book_pkey on public.book",
    "changed index public.other_title",
  ],
  [
    "alter table visit attach partition visit_2 for values from ('2024-02-01') to ('2024-03-01')",
    "changed table public.visit_2",
  ],
  [
    "alter table visit detach partition visit_2; alter table visit attach partition visit_2 for values from ('2024-02-01') to ('2024-04-01')",
    "changed table public.visit_2",
  ],
  [
    "create or replace view long_book as select id, author_id from book where author_id > 1",
    "changed view public.long_book",
  ],
  ["drop materialized view book_count", "missing materialized view public.book_count"],
  ["alter table plain disable rule no_delete", "changed rule no_delete on public.plain"],
  ["alter sequence counter increment 5", "changed sequence public.counter"],
  ["alter sequence counter owned by author.id", "changed table public.author"],
  ["drop trigger book_before on book", "missing trigger book_before on public.book"],
  ["drop policy readers on book", "missing policy readers on public.book"],
  [
    "create policy writers on book for update to ROLE using (true)",
    "extra policy writers on public.book",
  ],
  ["alter policy writers on book with check (false)", "changed policy writers on public.book"],
  ["alter type colour add value 'blue' before 'green'", "changed type public.colour"],
  ["alter type place add attribute z int", "changed type public.place"],
  ["grant usage on type place to ROLE", "changed type public.place"],
  [
    "alter domain percentage add constraint above check (value >= 0)",
    "extra domain constraint above on public.percentage",
  ],
  ["alter domain percentage set default 0", "changed domain public.percentage"],
  ["create type span as range (subtype = int)", "extra type public.span"],
  ["alter function twice immutable", "changed function public.twice(integer)"],
  ["alter function twice set work_mem = '1MB'", "changed function public.twice(integer)"],
  ["revoke execute on function twice from public", "changed function public.twice(integer)"],
  [
    "create or replace function twice(int) returns int language sql as 'select $1 + $1'",
    "changed function public.twice(integer)",
  ],
  ["alter procedure act() security definer", "changed procedure public.act()"],
  [
    "create or replace aggregate total(int) (sfunc = int4mul, stype = int)",
    "changed aggregate public.total(integer)",
  ],
  ["grant select on author to ROLE", "changed table public.author"],
  ["grant update (name) on author to ROLE", "changed table public.author"],
  ["grant usage on schema public to ROLE", "changed schema public"],
  [
    "alter default privileges in schema public grant select on tables to ROLE",
    "extra default privileges TABLES of SUPERUSER in public",
  ],
  ["comment on table author is 'who writes'", "changed table public.author"],
  ["comment on column author.name is 'in full'", "changed table public.author"],
  ["comment on schema public is 'ours'", "changed schema public"],
  ["alter database DATABASE set work_mem = '2MB'", "extra setting work_mem"],
  ["alter role ROLE in database DATABASE set work_mem = '3MB'", "extra setting work_mem of ROLE"],
  [
    "alter statistics book_statistics set statistics 50",
    "changed statistics public.book_statistics",
  ],
  ["alter event trigger watch disable", "changed event trigger watch"],
  ["alter publication books add table author", "changed publication books"],
  ["alter publication books set (publish = 'insert')", "changed publication books"],
  ["create cast (place as text) with inout", "extra cast (public.place as text)"],
  [
    "create operator ## (function = twice, rightarg = int)",
    "extra operator public.##(NONE,integer)",
  ],
  [
    "create operator family own using btree",
    "extra other operator family public.own for access method btree",
  ],
  [
    "create text search configuration own (copy = simple)",
    "extra text search configuration public.own",
  ],
  [
    "drop function if exists before_book cascade; drop view long_book",
    "missing function public.before_book()",
    "missing view public.long_book",
  ],
];

let one: TestDatabase;
let other: TestDatabase;
let role: string;

beforeAll(async () => {
  // First, so that it goes last: the databases have objects that depend on it.
  role = await createRole();
  [one, other] = await Promise.all([createDatabase(), createDatabase()]);
  await one.sql.unsafe(objects);
  // Other numbers for all objects.
  await other.sql.unsafe("create table first (id serial); drop table first");
  await other.sql.unsafe(objects);
});

function named(text: string, { name, sql }: TestDatabase): string {
  const superuser = sql.options.user;
  return text
    .replaceAll("ROLE", role)
    .replaceAll("DATABASE", name)
    .replaceAll("SUPERUSER", superuser);
}

async function differences(): Promise<Difference[]> {
  const [expected, actual] = await Promise.all(
    [other, one].map(async ({ url }) =>
      withSession(connectionOf(url), {}, async (database) => readSchema(database)),
    ),
  );
  return compareObjects(expected?.objects ?? [], actual?.objects ?? []);
}

// Each change is made in one database, and then in the other.
describe("the drift from one database to another", () => {
  test("is nothing when the same was done in both", async () => {
    expect(await differences()).toEqual([]);
  });

  test.for(changes)("names what was changed by: %s", async ([statement, ...told]) => {
    await one.sql.unsafe(named(statement, one));
    const found = await differences();
    await other.sql.unsafe(named(statement, other));
    expect(found.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual(
      told.map((each) => named(each, one)),
    );
    for (const { diff } of found) expect(diff).toMatch(/^[-+]/m);
    expect(await differences()).toEqual([]);
  });
});
