-- The locks on relations that this session holds: one row a relation and mode; `file` is null for one that it has dropped.
select
    l.relation::bigint::float8 as oid,
    l.mode,
    c.relfilenode::bigint::float8 as file
from pg_locks l
left join pg_class c on c.oid = l.relation
where l.pid = pg_backend_pid() and l.locktype = 'relation'
    and l.database = (select oid from pg_database where datname = current_database());
