-- The sizes of relations, and the sessions that have locked them or wait to: one row a relation.
--
-- $1 is an array of object identifiers. pg_total_relation_size() opens the table and its indexes, and would wait for
-- whoever has locked one of them against everything: then the size is what the last VACUUM or ANALYZE found.
with held as materialized (
    select l.relation, l.pid, l.mode, l.granted, l.virtualtransaction
    from pg_locks l
    where l.locktype = 'relation'
        and l.database = (select oid from pg_database where datname = current_database())
        and l.pid is distinct from pg_backend_pid()
), asked as materialized (
    select c.oid, c.reltuples, c.relkind, part.pages, part.is_locked
    from jsonb_array_elements_text($1::jsonb) given
    join pg_class c on c.oid = given::oid
    cross join lateral (
        select
            sum(p.relpages::bigint) as pages,
            bool_or(exists (select from held where held.relation = p.oid and held.mode = 'AccessExclusiveLock'))
                as is_locked
        from pg_class p
        where p.oid in (c.oid, c.reltoastrelid)
            or p.oid in (select i.indexrelid from pg_index i where i.indrelid in (c.oid, c.reltoastrelid))
    ) part
)
select
    asked.oid::bigint::float8 as oid,
    case
        when asked.relkind not in ('r', 'm') then null
        when asked.is_locked then asked.pages * current_setting('block_size')::bigint
        else pg_total_relation_size(asked.oid)
    end::float8 as size,
    -- Before the first VACUUM or ANALYZE it is -1.
    case when asked.relkind in ('r', 'm') and asked.reltuples >= 0 then asked.reltuples end::float8 as rows,
    (
        select coalesce(jsonb_agg(
            jsonb_build_object(
                'pid', held.pid,
                'mode', held.mode,
                'granted', held.granted,
                'user', a.usename,
                'application', case when a.backend_type = 'client backend' then a.application_name else a.backend_type end,
                'prepared', x.gid,
                'state', a.state,
                'age', extract(epoch from clock_timestamp() - coalesce(a.xact_start, x.prepared))::float8 * 1000,
                'query', a.query
            )
            order by coalesce(a.xact_start, x.prepared), held.pid, held.mode
        ), '[]')
        from held
        left join pg_stat_activity a on a.pid = held.pid
        left join pg_prepared_xacts x on held.pid is null and held.virtualtransaction = '-1/' || x.transaction
        where held.relation = asked.oid
    ) as sessions
from asked;
