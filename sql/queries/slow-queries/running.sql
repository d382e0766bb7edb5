-- The sessions that are inside a statement or a transaction, those that block another one, and those that are hidden.
--
-- Of a session of another role, one without the rights of pg_read_all_stats sees the process and the names only.
-- pg_blocking_pids() stops the lock manager for a moment, so it is asked for those alone that wait for a lock.
with waiting as materialized (
    select a.pid, pg_blocking_pids(a.pid) as blockers
    from pg_stat_activity a
    where a.wait_event_type = 'Lock'
)
select
    a.pid as process_id,
    a.usename::text as "user",
    a.datname::text as database,
    a.application_name as application,
    a.state,
    extract(epoch from clock_timestamp() - a.query_start)::float8 * 1000 as query_age,
    extract(epoch from clock_timestamp() - a.xact_start)::float8 * 1000 as transaction_age,
    a.wait_event_type,
    a.wait_event,
    coalesce(to_jsonb(w.blockers), '[]') as blocked_by,
    a.query
from pg_stat_activity a
left join waiting w on w.pid = a.pid
where a.pid <> pg_backend_pid()
    and (
        a.backend_type = 'client backend' and a.state <> 'idle'
        or a.pid in (select unnest(b.blockers) from waiting b)
        -- Hidden: what has no user or no database is no client.
        or a.backend_type is null and a.usename is not null and a.datname is not null
    )
order by case when a.state = 'active' then a.query_start else a.xact_start end, a.pid;
