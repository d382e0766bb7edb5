-- unsafe: an index on a table in use
-- finds: index-not-concurrent
create index books_title on books (title);

-- safe: the index is built concurrently
-- transaction:false
create index concurrently books_title on books (title);

-- unsafe: a unique index on a table in use
-- finds: index-not-concurrent
create unique index on authors (email);

-- safe: the table is as new as its index
create table prizes (id bigint primary key, name text);
create index prizes_name on prizes (name);

-- unsafe: an index on a materialized view in use
-- finds: index-not-concurrent
create index author_counts_number on author_counts (number);

-- safe: the materialized view is as new as its index
create materialized view book_counts as select author, count(*) from books group by author;
create unique index book_counts_author on book_counts (author);

-- unsafe: an odd name
-- finds: index-not-concurrent
create index "Ü" on "Odd ""Name" ("Größe");

-- safe: the index is there already
create index if not exists books_pkey on books (id);

-- unsafe: an index on a table that was renamed
-- finds: rename-table, index-not-concurrent
alter table loans rename to lendings;
create index lendings_book on lendings (book);

-- unsafe: a new table with the name of one that goes
-- finds: drop-table
drop table loans;
create table loans (id bigint, book bigint);
create index loans_book on loans (book);

-- unsafe: an index on a partitioned table
-- finds: index-on-partitioned-table
create index events_at on events (at);

-- safe: on the parent alone
create index events_at on only events (at);

-- unsafe: an index on one partition
-- finds: index-not-concurrent
create index events_2025_place on events_2025 (place);

-- safe: concurrently on one partition
-- transaction:false
create index concurrently events_2025_place on events_2025 (place);

-- safe: an index on a partitioned table that is new
create table logs (at date not null) partition by range (at);
create table logs_2025 partition of logs for values from ('2025-01-01') to ('2026-01-01');
create index logs_at on logs (at);

-- unsafe: an index goes
-- finds: drop-index-not-concurrent
drop index authors_name;

-- safe: it goes concurrently
-- transaction:false
drop index concurrently authors_name;

-- unsafe: an index goes, if it is there
-- finds: drop-index-not-concurrent
drop index if exists authors_name, nothing_of_the_kind;

-- safe: the index was made by the same migration
create table prizes (name text);
create index prizes_name on prizes (name);
drop index prizes_name;

-- unsafe: a table is indexed anew
-- finds: reindex-not-concurrent
reindex table authors;

-- safe: concurrently
-- transaction:false
reindex table concurrently authors;

-- unsafe: an index is built anew
-- finds: reindex-not-concurrent
reindex index authors_name;

-- safe: concurrently, in the newer way of writing
-- transaction:false
reindex (concurrently) index authors_name;

-- unsafe: a schema is indexed anew
-- transaction:false
-- finds: reindex-not-concurrent
reindex schema public;

-- unsafe: a unique constraint
-- finds: constraint-builds-index
alter table authors add constraint authors_email unique (email);

-- safe: a unique constraint takes over an index
alter table loans add constraint loans_key unique using index loans_id;

-- unsafe: a primary key
-- finds: constraint-builds-index, not-null-scans
alter table reviews add primary key (book);

-- safe: a primary key takes over an index whose column is not null
alter table copies add primary key using index copies_id;

-- unsafe: a primary key takes over an index whose column may be null
-- finds: not-null-scans
alter table loans add primary key using index loans_id;

-- unsafe: a unique column
-- finds: constraint-builds-index
alter table authors add column nick text unique;

-- safe: constraints of a new table
create table prizes (id bigint primary key, name text unique);
alter table prizes add constraint prizes_both unique (id, name);

-- unsafe: a unique constraint on a partitioned table
-- finds: constraint-builds-index
alter table events add unique (at, kind);

-- unsafe: an exclusion constraint
-- finds: exclusion-constraint
alter table authors add constraint apart exclude using gist (net inet_ops with &&);

-- safe: an exclusion constraint of a new table
create table bookings (during tstzrange, exclude using gist (during with &&));

-- unsafe: a build that failed counts as done
-- transaction:false
-- finds: concurrently-if-not-exists
create index concurrently if not exists books_title on books (title);

-- unsafe: concurrently on a partitioned table
-- transaction:false
-- fails: 0A000
-- finds: concurrently-not-supported
create index concurrently events_at on events (at);

-- unsafe: concurrently, the index of a partitioned table
-- transaction:false
-- fails: 0A000
-- finds: concurrently-not-supported
drop index concurrently events_kind;

-- unsafe: detached concurrently beside a default partition
-- transaction:false
-- fails: 55000
-- finds: concurrently-not-supported
alter table events detach partition events_2025 concurrently;
