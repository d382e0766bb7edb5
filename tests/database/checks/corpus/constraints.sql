-- unsafe: a foreign key
-- finds: foreign-key-scans
alter table loans add constraint loans_book foreign key (book) references books;

-- safe: it is checked for new rows only
alter table loans add constraint loans_book foreign key (book) references books not valid;

-- safe: a migration of its own checks the rows that are there
alter table books validate constraint books_editor;

-- unsafe: checked in the transaction that adds it
-- finds: long-work-under-lock
alter table loans add constraint loans_book foreign key (book) references books not valid;
alter table loans validate constraint loans_book;

-- unsafe: a column with a foreign key and a value for all rows
-- finds: foreign-key-scans
alter table reviews add column author bigint default 1 references authors;

-- safe: a column with a foreign key and no value
alter table reviews add column author bigint references authors;

-- safe: a foreign key of a new table
create table prizes (id bigint primary key, book bigint references books);

-- unsafe: a foreign key to itself
-- finds: foreign-key-scans
alter table books add column sequel bigint, add foreign key (sequel) references books;

-- safe: a foreign key between new tables
create table prizes (id bigint primary key);
create table juries (id bigint primary key, prize bigint);
alter table juries add foreign key (prize) references prizes;

-- unsafe: a check
-- finds: check-scans
alter table books add constraint books_pages check (pages > 0);

-- safe: a check for new rows only
alter table books add constraint books_pages check (pages > 0) not valid;

-- unsafe: a check of a partitioned table
-- finds: check-scans
alter table events add constraint events_kind_positive check (kind > 0);

-- safe: a check of a partitioned table for new rows only
alter table events add constraint events_kind_positive check (kind > 0) not valid;

-- unsafe: a check of a table that others inherit from
-- finds: check-scans
alter table parents add check (id > 0);

-- safe: a migration of its own checks the rows that are there
alter table authors validate constraint age_positive;

-- unsafe: a column with a check
-- finds: check-scans
alter table authors add column rank integer check (rank > 0);

-- safe: the column first, its check for new rows only
alter table authors add column rank integer, add constraint rank_positive check (rank > 0) not valid;

-- unsafe: a column may not be null
-- finds: not-null-scans
alter table books alter column pages set not null;

-- safe: a check proves that it is not
alter table authors alter column proven set not null;

-- safe: it is not null already
alter table books alter column title set not null;

-- unsafe: a check that the same transaction has validated
-- finds: long-work-under-lock
alter table books add constraint pages_there check (pages is not null) not valid;
alter table books validate constraint pages_there;
alter table books alter column pages set not null;

-- unsafe: several at once
-- finds: not-null-scans, check-scans
alter table books alter column pages set not null, add check (price > 0);

-- safe: a new table
create table prizes (id bigint);
alter table prizes alter column id set not null, add check (id > 0);

-- safe: not null, for new rows only
-- since: 18
alter table books add constraint pages_there not null pages not valid;

-- unsafe: not null, in the new way of writing
-- since: 18
-- finds: not-null-scans
alter table books add constraint pages_there not null pages;

-- unsafe: a domain is constrained
-- finds: domain-constraint-scans
alter domain word add constraint short check (length(value) < 50);

-- safe: a domain is constrained for new values only
alter domain word add constraint short check (length(value) < 50) not valid;

-- unsafe: a domain may not be null
-- finds: domain-constraint-scans
alter domain word set not null;

-- safe: a new domain
create domain sentence text;
alter domain sentence add constraint short check (length(value) < 500);
