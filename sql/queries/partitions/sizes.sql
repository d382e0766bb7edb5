-- The sizes and row estimates of the partitions of a table.
--
-- $1 is an array with the table's object identifier. pg_total_relation_size() opens the table and its indexes, and would
-- wait for whoever has locked one of them against everything: then the size is what the last VACUUM or ANALYZE found.
with locked as materialized (
    select distinct l.relation
    from pg_locks l
    where l.locktype = 'relation'
        and l.mode = 'AccessExclusiveLock'
        and l.database = (select oid from pg_database where datname = current_database())
        and l.pid is distinct from pg_backend_pid()
)
select
    c.oid::bigint::float8 as oid,
    case
        when exists (
            select
            from locked l
            where l.relation in (c.oid, c.reltoastrelid)
                or l.relation in (select i.indexrelid from pg_index i where i.indrelid = c.oid)
        ) then c.relpages::bigint * current_setting('block_size')::bigint
        else pg_total_relation_size(c.oid)
    end::float8 as size,
    -- Before the first VACUUM or ANALYZE it is -1.
    case when c.reltuples >= 0 then c.reltuples end::float8 as rows
from jsonb_array_elements_text($1::jsonb) parent
join pg_inherits i on i.inhparent = parent::oid
join pg_class c on c.oid = i.inhrelid;
