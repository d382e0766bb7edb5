-- unsafe: rows are filled while the table is locked
-- finds: long-work-under-lock, unbatched-change
alter table books add column kept boolean;
update books set kept = true;

-- safe: a column is added, and nothing else
alter table books add column kept boolean;

-- unsafe: rows of another table are copied meanwhile
-- finds: long-work-under-lock
alter table books add column kept boolean;
create table old_reviews as select * from reviews;

-- safe: copied before the lock is taken
create table old_reviews as select * from reviews;
alter table books add column kept boolean;

-- unsafe: INSERT from a query
-- finds: long-work-under-lock
alter table loans add column kept boolean;
insert into loans (book) select id from books;

-- safe: INSERT of values
alter table loans add column kept boolean;
insert into loans (book, kept) values (1, true), (2, false);

-- unsafe: few rows by their number, then all
-- finds: long-work-under-lock, unbatched-change
alter table loans add column kept boolean;
update loans set kept = false where id = 1;
update loans set kept = true where kept is null;

-- safe: few rows by their number
alter table loans add column kept boolean;
update loans set kept = true where id in (1, 2, 3) and book = 1;

-- unsafe: two tables, one after the other
-- finds: several-tables-locked
alter table loans add column kept boolean;
alter table reviews add column kept boolean;

-- safe: two changes of one table
alter table loans add column kept boolean;
alter table loans add column place integer;

-- unsafe: three tables are one finding
-- finds: several-tables-locked
alter table loans add column kept boolean;
alter table reviews add column kept boolean;
alter table books add column kept boolean;

-- safe: two tables, each by itself
-- transaction:false
alter table loans add column kept boolean;
alter table reviews add column kept boolean;

-- unsafe: a value is used at once
-- fails: 55P04
-- finds: enum-value-used
alter type genre add value 'drama';
insert into shelves (kind) values ('drama');

-- safe: a value is added, and another one used
alter type genre add value 'drama' before 'poem';
insert into shelves (kind) values ('novel');

-- unsafe: as a default
-- fails: 55P04
-- finds: enum-value-used
alter type genre add value if not exists 'drama';
alter table shelves alter column kind set default 'drama';

-- safe: the type is as new as its value
-- since: 17
create type shape as enum ('round');
alter type shape add value 'flat';
create table boxes (form shape default 'flat');

-- unsafe: the type is as new as its value, which older versions do not see
-- until: 16
-- fails: 55P04
-- finds: enum-value-used
create type shape as enum ('round');
alter type shape add value 'flat';
create table boxes (form shape default 'flat');

-- safe: each statement commits by itself
-- transaction:false
alter type genre add value 'drama';
insert into shelves (kind) values ('drama');

-- unsafe: a DO block
-- finds: not-looked-into
do $$ begin execute 'create table hidden (id integer)'; end $$;

-- safe: the statement itself
create table hidden (id integer);

-- unsafe: a procedure
-- finds: not-looked-into
call tidy();

-- safe: a procedure is made
create procedure tidier() language sql as 'delete from reviews where stars = 1';
