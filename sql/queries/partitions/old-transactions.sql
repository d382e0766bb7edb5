-- The open transactions that DETACH CONCURRENTLY of a partition would wait for: those that hold a snapshot, those that
-- have locked the table, and those that have a lock against SHARE ROW EXCLUSIVE on a table that its foreign keys refer to.
--
-- $1 is an array with the table's object identifier. A prepared transaction has no process: its number is 0. A session
-- that is vacuuming has a snapshot that nobody waits for. Not everybody may see the snapshots of others.
select
    coalesce(t.pid, 0) as process_id,
    coalesce(extract(epoch from coalesce(a.xact_start, x.prepared)), 0)::float8 as began,
    extract(epoch from clock_timestamp() - coalesce(a.xact_start, x.prepared))::float8 * 1000 as age,
    coalesce(a.usename, x.owner)::text as "user",
    coalesce(a.application_name, x.gid) as application,
    a.state,
    left(a.query, 200) as query
from (
    select s.pid, null::text as virtual_transaction
    from pg_stat_activity s
    where s.backend_xmin is not null
        and s.backend_type in ('client backend', 'parallel worker', 'background worker')
        and s.datname = current_database()
        and not exists (select from pg_stat_progress_vacuum v where v.pid = s.pid)
    union
    select l.pid, case when l.pid is null then l.virtualtransaction end
    from pg_locks l
    join jsonb_array_elements_text($1::jsonb) parent on l.relation = parent::oid
    where l.locktype = 'relation'
        and l.granted
        and l.database = (select oid from pg_database where datname = current_database())
    union
    select l.pid, case when l.pid is null then l.virtualtransaction end
    from pg_locks l
    join pg_constraint k on k.confrelid = l.relation and k.contype = 'f'
    join jsonb_array_elements_text($1::jsonb) parent on k.conrelid = parent::oid
    where l.locktype = 'relation'
        and l.granted
        and l.database = (select oid from pg_database where datname = current_database())
        and l.mode not in ('AccessShareLock', 'RowShareLock')
        and not exists (select from pg_stat_progress_vacuum v where v.pid = l.pid)
) t
left join pg_stat_activity a on a.pid = t.pid
left join pg_prepared_xacts x on t.pid is null and t.virtual_transaction = '-1/' || x.transaction
where t.pid is distinct from pg_backend_pid()
order by coalesce(a.xact_start, x.prepared), 1;
