-- unsafe: a column goes
-- finds: drop-column
alter table books drop column pages;

-- safe: a column of a new table goes
create table prizes (id bigint, name text);
alter table prizes drop column name;

-- unsafe: a column goes, and a view with it
-- finds: drop-column, drop-cascade
alter table authors drop column name cascade;

-- safe: a column goes that is not there
alter table books drop column if exists nothing;

-- unsafe: a table goes
-- finds: drop-table
drop table reviews;

-- safe: a new table goes
create table prizes (id bigint);
drop table prizes;

-- unsafe: two tables go
-- finds: drop-table
drop table if exists reviews, loans, nothing;

-- safe: a table goes that is not there
drop table if exists nothing;

-- unsafe: a table goes, with what hangs on it
-- finds: drop-table, drop-cascade
drop table authors cascade;

-- safe: CASCADE reaches what is new
create table prizes (id bigint);
create view first_prizes as select * from prizes where id = 1;
drop table prizes cascade;

-- unsafe: a type goes, with what hangs on it
-- finds: drop-cascade
drop type genre cascade;

-- safe: a type goes alone
create type shape as enum ('round');
drop type shape;

-- unsafe: a function goes, with what hangs on it
-- finds: drop-cascade
drop function noted() cascade;

-- safe: a function goes alone
drop function counted();

-- unsafe: a view goes, with the one above it
-- finds: drop-cascade
drop view author_names cascade;

-- safe: a view goes alone
drop view short_names;

-- unsafe: a column gets another name
-- finds: rename-column
alter table books rename column pages to length;

-- safe: a column of a new table
create table prizes (id bigint);
alter table prizes rename column id to number;

-- unsafe: a table gets another name
-- finds: rename-table
alter table books rename to volumes;

-- safe: an index gets another name
alter index authors_name rename to authors_by_name;

-- unsafe: a table gets another schema
-- finds: rename-table
create schema archive;
alter table loans set schema archive;

-- safe: a constraint gets another name
alter table authors rename constraint age_positive to authors_age;

-- unsafe: a value gets another name
-- finds: rename-enum-value
alter type genre rename value 'poem' to 'verse';

-- safe: a value is added
alter type genre add value 'drama';

-- unsafe: a column may be null
-- finds: drop-not-null
alter table books alter column title drop not null;

-- safe: it may be null already
alter table books alter column pages drop not null;

-- unsafe: a required column loses its default
-- finds: drop-default
alter table shelves alter column number drop default;

-- safe: a column that may be null loses its default
alter table shelves alter column width drop default;

-- safe: a required column gets another default
alter table shelves alter column number set default 2;

-- unsafe: a required column without a value
-- fails: 23502
-- finds: add-required-column
alter table books add column isbn text not null;

-- safe: a required column with a value
alter table books add column isbn text not null default '';

-- unsafe: a required column of a partitioned table
-- finds: add-required-column
alter table visits add column origin text not null;

-- safe: a column that may be null
alter table books add column isbn text;

-- safe: a required column that is there already
alter table books add column if not exists title text not null;

-- unsafe: a required column that refers to another table
-- finds: add-required-column
alter table loans add column place integer not null references places;

-- safe: a required column of a new table
create table prizes (id bigint);
alter table prizes add column name text not null;

-- unsafe: a view reads the column whose type changes
-- fails: 0A000
-- finds: column-of-view
alter table authors alter column name type varchar(50);

-- unsafe: a view above a view reads the column that goes
-- fails: 2BP01
-- finds: column-of-view, drop-column
alter table authors drop column name;

-- safe: the view goes before
drop view short_names;
drop view author_names;
alter table authors alter column name type varchar(50);
