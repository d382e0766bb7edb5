-- unsafe: a default that differs from row to row
-- finds: column-rewrites-table
alter table authors add column key uuid default gen_random_uuid();

-- safe: the default for new rows only
alter table authors add column key uuid;
alter table authors alter column key set default gen_random_uuid();

-- unsafe: the time of each row
-- finds: column-rewrites-table
alter table authors add column since timestamptz default clock_timestamp();

-- safe: one time for all rows
alter table authors add column since timestamptz default now();

-- unsafe: a numbered column
-- finds: column-rewrites-table
alter table authors add column number bigint generated always as identity;

-- safe: a constant
alter table authors add column number bigint not null default 0;

-- unsafe: a serial column
-- finds: column-rewrites-table, serial-column
alter table authors add column number bigserial;

-- unsafe: a computed column
-- finds: column-rewrites-table
alter table authors add column doubled integer generated always as (age * 2) stored;

-- safe: a column that is computed when it is read
-- since: 18
alter table authors add column doubled integer generated always as (age * 2) virtual;

-- unsafe: a domain that checks its values
-- finds: column-rewrites-table
alter table authors add column rank positive;

-- safe: a domain without a check
alter table authors add column rank plain;

-- unsafe: another type
-- finds: type-rewrites-table
alter table books alter column pages type bigint;

-- safe: a wider type of the same form
alter table loans alter column code type varchar(50);

-- unsafe: a narrower type
-- finds: type-rewrites-table
alter table loans alter column code type varchar(10);

-- safe: from varchar to text
alter table loans alter column code type text;

-- unsafe: the same of arrays, whose values are gone through
-- finds: type-rewrites-table
alter table authors alter column tags type text[];

-- unsafe: a value is computed
-- finds: type-rewrites-table
alter table books alter column title type text using upper(title);

-- safe: a conversion that changes nothing
alter table loans alter column note type varchar using note::varchar;

-- unsafe: from json to jsonb
-- finds: type-rewrites-table
alter table authors alter column data type jsonb;

-- safe: more digits
alter table authors alter column price type numeric(10, 2);

-- unsafe: digits after the point
-- finds: type-rewrites-table
alter table authors alter column price type numeric(6, 3);

-- safe: a new table
create table prizes (id integer);
alter table prizes alter column id type bigint;

-- unsafe: the rows stay, an index does not
-- finds: type-rebuilds-index
alter table authors alter column joined type timestamptz;

-- safe: no index on the column
alter table shelves alter column at type timestamptz;

-- unsafe: another time zone
-- finds: type-rewrites-table
set local timezone = 'Asia/Seoul';
alter table shelves alter column at type timestamptz;

-- unsafe: a constraint is checked anew
-- finds: type-rebuilds-index
alter table shelves alter column label type varchar;

-- unsafe: an unlogged table becomes logged
-- finds: table-rewritten
alter table scratch set logged;

-- safe: it is logged already
alter table books set logged;

-- unsafe: a table moves to another tablespace
-- finds: table-rewritten
alter table books set tablespace pg_default;

-- safe: a parameter
alter table books set (fillfactor = 90);

-- unsafe: VACUUM FULL
-- transaction:false
-- finds: vacuum-full
vacuum full books;

-- safe: VACUUM
-- transaction:false
vacuum (analyze) books;

-- unsafe: VACUUM FULL, written as an option
-- transaction:false
-- finds: vacuum-full
vacuum (full on, analyze) books, authors;

-- safe: not full
-- transaction:false
vacuum (full off) books;

-- unsafe: CLUSTER
-- finds: vacuum-full
cluster books using books_pkey;

-- safe: what CLUSTER would go by
alter table books cluster on books_pkey;

-- unsafe: all tables
-- transaction:false
-- finds: vacuum-full
cluster;

-- unsafe: a view is computed anew
-- finds: refresh-not-concurrent
refresh materialized view author_counts;

-- safe: beside those who read it
refresh materialized view concurrently author_counts;

-- unsafe: a view is emptied
-- finds: refresh-not-concurrent
refresh materialized view author_counts with no data;

-- safe: a new view
create materialized view book_counts as select count(*) from books with no data;
refresh materialized view book_counts;
