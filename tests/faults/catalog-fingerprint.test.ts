import { beforeAll, describe, expect, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { createDatabase, createRole, type TestDatabase } from "../support/database.ts";

const objects = `
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

/** One change of each kind, and a part of what the difference must say. ROLE and DATABASE stand for their names. */
const changes: readonly (readonly [statement: string, shown: string])[] = [
  ["create schema other", "+ schema other"],
  ["create table fresh ()", "+ relation public.fresh"],
  ["alter table plain set (fillfactor = 80)", "options {fillfactor=80}"],
  ["alter table book set (toast.autovacuum_enabled = off)", "toast table {autovacuum_enabled=off}"],
  ["alter table plain set unlogged", "persistence u"],
  ["alter table plain owner to ROLE", "owner ROLE"],
  ["alter table book replica identity full", "replica identity f"],
  ["alter table book enable row level security", "row security t"],
  ["alter table book add column year int", "+ column public.book.year"],
  ["alter table book drop column old", "- column public.book.old"],
  ["alter table book rename title to heading", "+ column public.book.heading"],
  ["alter table book alter heading type varchar(100)", "type character varying(100)"],
  ["alter table author alter name drop default", "- column public.author.name"],
  ["alter table author alter name drop not null", "not null f"],
  ["alter table author alter name set storage external", "storage e"],
  ["alter table author alter name set compression pglz", "compression p"],
  ["alter table author alter name set statistics 500", "statistics 500"],
  ["alter table visit alter id drop identity", "- column public.visit.id"],
  [
    "alter table book drop constraint book_author_id_fkey",
    "- constraint public.book.book_author_id",
  ],
  [
    "alter table book add constraint year check (year > 0) not valid",
    "CHECK ((year > 0)) NOT VALID validated f",
  ],
  [
    "alter table book validate constraint year",
    "+ constraint public.book.year CHECK ((year > 0)) va",
  ],
  ["alter table book add foreign key (author_id) references author", "+ trigger of constraint"],
  ["alter table book disable trigger all", "enabled D"],
  ["create index on book (author_id)", "+ index CREATE INDEX book_author_id_idx"],
  ["alter index book_title set (fillfactor = 50)", "WITH (fillfactor='50')"],
  ["update pg_index set indisvalid = false where indexrelid = 'book_title'::regclass", "valid f"],
  ["cluster book using book_pkey", "clustered t"],
  [
    "alter table visit attach partition visit_2 for values from ('2024-02-01') to ('2024-03-01')",
    "+ inherits",
  ],
  ["alter table visit detach partition visit_1", "- inherits public.visit_1"],
  [
    "create or replace view long_book as select id, author_id from book where author_id > 1",
    "author_id > 1",
  ],
  ["refresh materialized view book_count with no data", "populated f"],
  ["alter table plain disable rule no_delete", "enabled D"],
  ["alter sequence counter increment 5", "increment 5"],
  ["alter sequence counter owned by author.id", "owned by column id of table"],
  ["drop trigger book_before on book", "- trigger CREATE TRIGGER book_before"],
  ["drop policy readers on book", "- policy readers"],
  ["create policy writers on book for update to ROLE using (true)", "+ policy writers"],
  ["alter policy writers on book with check (false)", "check false"],
  ["alter type colour add value 'blue' before 'green'", "{red,blue,green}"],
  ["alter type place add attribute z int", "+ column public.place.z"],
  ["grant usage on type place to ROLE", "+ type public.place"],
  ["alter domain percentage add check (value >= 0)", "+ domain constraint"],
  ["alter domain percentage set default 0", "default 0"],
  ["create type span as range (subtype = int)", "range of integer"],
  ["alter function twice immutable", "IMMUTABLE"],
  ["alter function twice set work_mem = '1MB'", "work_mem"],
  ["revoke execute on function twice from public", "+ function public.twice"],
  ["create or replace function twice(int) returns int language sql as 'select $1 + $1'", "$1 + $1"],
  ["create or replace aggregate total(int) (sfunc = int4mul, stype = int)", "by int4mul"],
  ["grant select on author to ROLE", "+ relation public.author"],
  ["grant update (name) on author to ROLE", "+ column public.author.name"],
  ["grant usage on schema public to ROLE", "+ schema public"],
  ["alter default privileges in schema public grant select on tables to ROLE", "in public for r"],
  ["comment on table author is 'who writes'", "+ comment on table public.author: who writes"],
  ["comment on column author.name is 'in full'", "+ comment on column name of table public.author"],
  ["comment on schema public is 'ours'", "+ comment on schema public: ours"],
  ["comment on database DATABASE is 'for a test'", "comment for a test"],
  ["grant temporary on database DATABASE to ROLE", "+ database"],
  [
    "alter database DATABASE set work_mem = '2MB'",
    "setting of role - in this database: {work_mem=2MB}",
  ],
  ["alter role ROLE in database DATABASE set work_mem = '3MB'", "role ROLE in this database"],
  ["alter statistics book_statistics set statistics 50", "target 50"],
  ["alter event trigger watch disable", "enabled D"],
  ["alter publication books add table author", "+ publication books of public.author"],
  ["alter publication books set (publish = 'insert')", "update f"],
  ["alter extension plpgsql drop function plpgsql_call_handler()", "- extension plpgsql has"],
  ["create cast (place as text) with inout", "+ cast from public.place to text"],
  ["create operator ## (function = twice, rightarg = int)", "+ operator public.##"],
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

function named(text: string, { name }: TestDatabase): string {
  return text.replaceAll("ROLE", role).replaceAll("DATABASE", name);
}

async function difference(): Promise<string> {
  return fingerprintDifference(
    await catalogFingerprint(other.sql),
    await catalogFingerprint(one.sql),
  );
}

// Each change is made in one database, and then in the other.
describe("the fingerprints of two databases", () => {
  test("are the same when the same was done in both, whatever their search_path", async () => {
    await one.sql.unsafe("set search_path = elsewhere");
    expect(await difference()).toBe("");
    await one.sql.unsafe("reset search_path");
  });

  test.for(changes)("differ after: %s", async ([statement, shown]) => {
    await one.sql.unsafe(named(statement, one));
    const lines = await difference();
    expect(lines).toContain(named(shown, one));
    expect(lines).not.toContain(one.name);
    await other.sql.unsafe(named(statement, other));
    expect(await difference()).toBe("");
  });

  test("differ by an index that is not valid because its creation was broken off", async () => {
    await one.sql.unsafe("create table twin (id int); insert into twin values (1), (1)");
    const create = one.sql.unsafe("create unique index concurrently twin_id on twin (id)");
    await expect(create).rejects.toThrow("could not create unique index");
    const lines = await difference();
    expect(lines).toMatch(/^\+ index CREATE UNIQUE INDEX twin_id .* valid f ready f/m);
  });
});

test("a setting of a role in all databases is seen in each that knows the role", async () => {
  const known = await createRole();
  const seen = `setting of role ${known} in all databases: {work_mem=4MB}`;
  await one.sql.unsafe(`alter role ${known} set work_mem = '4MB'`);
  expect(await catalogFingerprint(other.sql)).not.toContain(seen);
  await other.sql.unsafe(`grant create on schema public to ${known}`);
  expect(await catalogFingerprint(other.sql)).toContain(seen);
  await other.sql.unsafe(`drop owned by ${known}`);
});

test("a difference shows what has gone, what has come, and how often", () => {
  expect(fingerprintDifference(["a", "b", "b"], ["b", "c"])).toBe("- a\n- b\n+ c");
  expect(fingerprintDifference(["a", "b"], ["b", "a"])).toBe("");
});
