-- Beside the library of ../../statements/statement-locks.sql: what the corpus needs in addition.
create type genre as enum ('novel', 'poem');
create type size as enum ('small', 'large');
create domain word text;
create table shelves (
    number integer not null default 1, label text check (label <> ''), kind genre, width size default 'small', word word, at timestamp
);
create table loans (id bigint, book bigint, since date not null default current_date, until date, note text, code varchar(20));
create unique index loans_id on loans (id);
create table copies (id bigint not null, book bigint not null);
create unique index copies_id on copies (id);
create table "Odd ""Name" (id bigint primary key, "Größe" integer);
create procedure tidy() language sql as 'delete from reviews where stars = 0';
create table events_checked (
    at date not null, kind integer, place integer,
    check (at >= '2028-01-01' and at < '2029-01-01')
);
create index events_checked_kind on events_checked (kind);
create foreign data wrapper nowhere;
create server elsewhere foreign data wrapper nowhere;
update books set pages = 100;
