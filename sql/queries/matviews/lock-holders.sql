-- The sessions that hold a lock which stands against refreshing a materialized view.
--
-- $1 has its name ("view") and the way ("mode"). A swap locks the plain views that read it, too; every way reads the
-- tables below. A prepared transaction has no process: its number is 0.
with needed (relation, against_readers, against_writers) as (
    select g.view, g.mode <> 'concurrently', true
    from (
        select (given ->> 'view')::regclass as view, given ->> 'mode' as mode from (select $1::jsonb as given) g
    ) g
    union all
    select r.view, true, true
    from (select ($1::jsonb ->> 'view')::regclass as view) g
    cross join lateral public.views_reading(g.view) r (view)
    where $1::jsonb ->> 'mode' = 'swap'
    union all
    select s.objid, false, false
    from (select ($1::jsonb ->> 'view')::regclass as view) g
    cross join lateral public.view_sources(g.view) s
    where s.classid = 'pg_class'::regclass
)
select
    n.relation::regclass::text as relation,
    jsonb_agg(
        jsonb_build_object(
            'processId', coalesce(h.pid, 0),
            'user', a.usename,
            'application', a.application_name,
            'mode', h.mode,
            'state', a.state,
            'transactionAge', extract(epoch from clock_timestamp() - a.xact_start)::float8 * 1000,
            'query', left(a.query, 200)
        )
        order by a.xact_start, h.pid
    ) as sessions
from needed n
join pg_locks h
    on h.locktype = 'relation'
    and h.database = (select oid from pg_database where datname = current_database())
    and h.relation = n.relation
    and h.granted
    and h.pid is distinct from pg_backend_pid()
    and (
        h.mode = 'AccessExclusiveLock'
        or n.against_readers
        or n.against_writers and h.mode <> 'AccessShareLock'
    )
left join pg_stat_activity a on a.pid = h.pid
group by n.relation
order by 1;
