-- Sessions that others wait for, each with all that wait for it, directly or behind one another: one row for each.
with recursive waiting as materialized (
    select
        a.pid, a.usename, a.application_name, left(a.query, 200) as query, l.since,
        pg_blocking_pids(a.pid) as blockers
    from pg_stat_activity a
    cross join lateral (
        select min(l.waitstart) as since from pg_locks l where l.pid = a.pid and not l.granted
    ) l
    where a.datname = current_database() and a.wait_event_type = 'Lock'
), behind as materialized (
    -- One place in the tree for each: behind a session that does not wait itself, if there is one, and otherwise behind
    -- the one that has waited longest.
    select distinct on (w.pid) w.*, b.pid as blocker
    from waiting w
    cross join lateral unnest(w.blockers) b (pid)
    left join waiting other on other.pid = b.pid
    order by w.pid, other.pid is not null, other.since, b.pid
), tree as (
    select b.blocker as root, 1 as depth, array[b.pid] as path, b.*
    from behind b
    where not exists (select from behind w where w.pid = b.blocker)
    union all
    select t.root, t.depth + 1, t.path || b.pid, b.*
    from tree t
    join behind b on b.blocker = t.pid and b.pid <> all (t.path)
)
select
    -- After a second the server itself looks whether there is a deadlock, and below it a wait is daily business; after
    -- half a minute the callers of most applications have given up.
    case when max(w.waited) >= 30000 then 'error' else 'warning' end as level,
    coalesce(a.usename || '@' || a.application_name, a.backend_type, 'a prepared transaction') as object,
    jsonb_build_object(
        'process_id', t.root,
        'state', a.state,
        'transaction_age', extract(epoch from clock_timestamp() - a.xact_start) * 1000,
        'query', left(a.query, 200),
        'longest_wait', max(w.waited),
        'waiting', jsonb_agg(
            jsonb_build_object(
                'depth', t.depth, 'process_id', t.pid, 'role', t.usename, 'application', t.application_name,
                'waited', w.waited, 'query', t.query
            )
            order by t.path
        )
    ) as detail,
    case when t.root <> 0 then format('select pg_terminate_backend(%s);', t.root) end as cure
from tree t
cross join lateral (
    select coalesce(extract(epoch from clock_timestamp() - t.since) * 1000, 0)::float8 as waited
) w
left join pg_stat_activity a on a.pid = t.root
group by t.root, a.usename, a.application_name, a.backend_type, a.state, a.xact_start, a.query
having max(w.waited) >= 1000
order by max(w.waited) desc;
