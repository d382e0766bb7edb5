-- The relations that are there before a trial begins: one row a relation, with the name that the session would write.
--
-- What the server and other sessions' temporary objects are made of is left out. The parent of an index of a partitioned
-- table and the like have no file, which pg_class tells with 0.
with session as materialized (
    select set_config('search_path', reset_val, true) as path
    from pg_settings
    where name = 'search_path'
)
select
    c.oid::bigint::float8 as oid,
    c.oid::regclass::text as name,
    c.relkind::text as kind,
    c.relfilenode::bigint::float8 as file
from session
cross join pg_class c
join pg_namespace n on n.oid = c.relnamespace
where session.path is not null
    and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema';
