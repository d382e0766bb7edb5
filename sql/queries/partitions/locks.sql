-- The locks that creating a partition of a table takes, and the sessions that now hold one that stands against it.
--
-- $1 is an array with the table's object identifier. A prepared transaction has no process: its number is 0.
with conflicts (mode, against) as (
    values
        ('AccessShareLock', array['AccessExclusiveLock']),
        (
            'ShareUpdateExclusiveLock',
            array[
                'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'
            ]
        ),
        (
            'ShareRowExclusiveLock',
            array[
                'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                'AccessExclusiveLock'
            ]
        ),
        (
            'AccessExclusiveLock',
            array[
                'AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
                'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'
            ]
        )
)
select
    l.statement,
    l.relation::text as relation,
    l.mode,
    (
        select coalesce(jsonb_agg(
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
        ), '[]')
        from pg_locks h
        left join pg_stat_activity a on a.pid = h.pid
        where h.locktype = 'relation'
            and h.database = (select oid from pg_database where datname = current_database())
            and h.relation = l.relation
            and h.granted
            and h.pid is distinct from pg_backend_pid()
            and h.mode = any (c.against)
    ) as sessions
from jsonb_array_elements_text($1::jsonb) parent
cross join lateral public.partition_locks(parent::oid) with ordinality l (statement, relation, mode, place)
join conflicts c on c.mode = l.mode
order by l.place;
