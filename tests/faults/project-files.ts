import { migration } from "../support/project.ts";

/** Writes the text of a migration whose statements commit one by one, both ways. */
function outsideTransaction(up: string, down: string): string {
  return `-- migrate:up transaction:false\n${up};\n\n-- migrate:down transaction:false\n${down};\n`;
}

/**
 * A project of twelve migrations with one of each kind: some that go together in one call, some whose statements commit
 * by themselves, with all that PostgreSQL does outside a transaction, and functions and views. What has run twice or by
 * halves shows in the catalog, in the history, in the journal, or in the tables journey and book.
 *
 * `pause` sleeps, in the middle of a statement, for as long as the setting "test.pause" of the database says.
 */
export const files = {
  "migrations/001_journey.sql": migration(
    `create table journey (id bigint generated always as identity primary key, name text not null);
create table book (id bigint primary key, journey_id bigint references journey, read int not null default 0);
create function pause(value bigint) returns bigint language plpgsql immutable as $$
begin
    perform pg_sleep(current_setting('test.pause', true)::float);
    return value;
end $$;
insert into journey (name) values ('001')`,
    "drop table book;\ndrop table journey;\ndrop function pause",
  ),
  "migrations/002_shelf.sql": migration(
    `create schema shelf;
create type colour as enum ('red', 'green');
insert into journey (name) values ('002');
insert into book (id) select id from generate_series(1, 20) id;
select count(pause(id)) from book;
comment on table book is 'what is read'`,
    `comment on table book is null;
insert into journey (name) values ('back before 002');
delete from book;
drop type colour;
drop schema shelf`,
  ),
  "migrations/003_visit.sql": migration(
    `create table visit (day date not null, book_id bigint references book) partition by range (day);
create table visit_2024 partition of visit for values from ('2024-01-01') to ('2025-01-01');
create table visit_2025 partition of visit for values from ('2025-01-01') to ('2026-01-01');
create table shelf.place (id int primary key, text text);
insert into visit values ('2024-05-01', 1), ('2025-05-01', 2);
insert into shelf.place select id, 'place ' || id from generate_series(1, 20) id`,
    "drop table shelf.place;\ndrop table visit",
  ),
  "migrations/004_indexes.sql": outsideTransaction(
    `create index concurrently book_journey on book (journey_id);
set search_path = shelf, public;
create unique index concurrently place_text on place (pause(id), text)`,
    `drop index concurrently if exists shelf.place_text;
drop index concurrently if exists public.book_journey`,
  ),
  "migrations/005_once.sql": outsideTransaction(
    `create table once (id int, colour colour);
insert into journey (name) select '005' from (select count(pause(id)) from book) slow;
alter type colour add value 'blue' before 'green';
vacuum (analyze) book`,
    `drop table once;
insert into journey (name) values ('back before 005')`,
  ),
  "migrations/006_procedure.sql": migration(
    `create procedure read_all(before int) language plpgsql as $$
begin
    while exists (select from book where read = before) loop
        update book set read = before + 1
        where id in (select id from book where read = before and pause(id) = id order by id limit 5);
        commit;
    end loop;
end $$;
insert into once values (1, 'blue')`,
    "drop procedure read_all;\ninsert into journey (name) values ('back before 006')",
  ),
  // What is called may be called again when the run ends in the middle of it, and must allow for it.
  "migrations/007_read.sql": outsideTransaction("call read_all(0)", "call read_all(1)"),
  "migrations/008_title.sql": migration(
    "alter table book add column title text default 'none';\ninsert into journey (name) values ('008')",
    "alter table book drop column title;\ndelete from journey where name = '008'",
  ),
  "migrations/009_rebuild.sql": outsideTransaction(
    `reindex index concurrently shelf.place_text;
drop index concurrently book_journey;
reindex table concurrently book`,
    `insert into journey (name) values ('back before 009');
create index concurrently book_journey on book (journey_id);
reindex index concurrently shelf.place_text`,
  ),
  "migrations/010_detach.sql": outsideTransaction(
    `alter table visit detach partition visit_2024 concurrently;
insert into journey (name) values ('010')`,
    `delete from journey where name = '010';
alter table visit attach partition visit_2024 for values from ('2024-01-01') to ('2025-01-01')`,
  ),
  "migrations/011_archive.sql": migration(
    "alter table visit_2024 set schema shelf;\ninsert into journey (name) values ('011')",
    "alter table shelf.visit_2024 set schema public;\ndelete from journey where name = '011'",
  ),
  "migrations/012_trigger.sql": migration(
    `create function mark() returns trigger language plpgsql as 'begin new.title := new.title || ''!''; return new; end';
create trigger mark before insert on book for each row execute function mark();
insert into book (id) values (21)`,
    "delete from book where id = 21;\ndrop trigger mark on book;\ndrop function mark()",
  ),
  "functions/book_total.sql":
    "create or replace function book_total() returns bigint language sql stable as 'select count(*) from public.book';\n",
  "functions/book_title.sql":
    "create or replace function book_title(of bigint) returns text language sql stable as 'select title from public.book where id = of';\n",
  "views/titled_book.sql":
    "create or replace view titled_book as select id, book_title(id) as title from book where book_total() > 0;\n",
  "views/title_count.sql":
    "create materialized view title_count as select title, count(*) from titled_book group by title;\n" +
    "create unique index title_count_title on title_count (title);\n",
};
