-- unsafe: TRUNCATE
-- finds: truncate
truncate reviews;

-- safe: TRUNCATE of a new table
create table prizes (name text);
insert into prizes values ('a');
truncate prizes;

-- unsafe: TRUNCATE with CASCADE
-- finds: truncate
truncate books cascade;

-- unsafe: of a partitioned table
-- finds: truncate
truncate visits;

-- safe: DELETE by a value
delete from reviews where stars = 0;

-- unsafe: DELETE without WHERE
-- finds: delete-without-where
delete from only reviews;

-- safe: DELETE in a new table
create table prizes as select title from books;
delete from prizes;

-- unsafe: UPDATE of all rows
-- finds: unbatched-change
update books set pages = 0;

-- safe: UPDATE by the key
update books set pages = 0 where id = 1;

-- unsafe: UPDATE of all that meet a condition
-- finds: unbatched-change
update books set pages = 0 where pages is null;

-- safe: UPDATE by a list of values
update books set pages = 0 where id in (1, 2, 3);

-- unsafe: UPDATE by another table
-- finds: unbatched-change
update books set pages = 1 from authors where authors.id = books.author;

-- safe: UPDATE by a value with a type
update loans set note = '' where since = date '2025-01-01';

-- unsafe: DELETE by age
-- finds: unbatched-change
delete from loans where since < '2020-01-01';

-- unsafe: DELETE without WHERE inside WITH
-- finds: delete-without-where
with gone as (delete from loans returning id) insert into copies (id, book) select id, id from gone;

-- unsafe: UPDATE inside WITH
-- finds: unbatched-change
with moved as (update books set pages = 0 where pages is null returning id) select count(*) from moved;

-- safe: DELETE by a value inside WITH
with gone as (delete from loans where code = 'old' returning id) select count(*) from gone;

-- unsafe: MERGE that updates what another table has
-- finds: unbatched-change
merge into books using authors on authors.id = books.author when matched then update set pages = 1;

-- unsafe: MERGE that deletes
-- finds: unbatched-change
merge into loans using books on books.id = loans.id when matched and books.pages = 0 then delete;

-- safe: MERGE of a few values
merge into books using (values (1, 2)) v (id, pages) on v.id = books.id when matched then update set pages = v.pages;

-- safe: MERGE that only inserts
merge into places using books on books.id = places.id when not matched then insert (id) values (books.id);

-- safe: a function that deletes, and is not called
create function empty_loans() returns void begin atomic delete from loans; end;

-- safe: INSERT
insert into places (id) values (1), (2);

-- unsafe: LOCK TABLE
-- finds: lock-table
lock table books;

-- safe: readers and writers go on
lock table books in row exclusive mode;

-- unsafe: writers wait
-- finds: lock-table
lock table books in exclusive mode;

-- safe: a new table
create table prizes (name text);
lock table prizes;
