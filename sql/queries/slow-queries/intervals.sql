-- What was counted between each stored snapshot and the next one, of all statements or of one: the oldest first, at most 500.
--
-- $1 has the number of the statement as "queryId", null for all; the number of the snapshot from which on it is wanted
-- as "since", null for all; and the names "database" and "user", null for all. An entry counts from zero where it is
-- new, was made anew, or the statistics were reset. Between snapshots of two servers there is nothing that was counted.
with given as (
    select
        ($1::jsonb ->> 'queryId')::bigint as query_id,
        coalesce(($1::jsonb ->> 'since')::bigint, 0) as since,
        $1::jsonb ->> 'database' as database,
        $1::jsonb ->> 'user' as "user"
), snapshot as (
    select
        s.snapshot_id, s.taken_at, lag(s.snapshot_id) over by_number as earlier_id,
        lag(s.taken_at) over by_number as earlier_at,
        coalesce(s.stats_reset > lag(s.stats_reset) over by_number, false) as was_reset,
        (s.system_identifier, s.timeline)
            is not distinct from (lag(s.system_identifier) over by_number, lag(s.timeline) over by_number) as same_server
    from public.statement_snapshots s
    window by_number as (order by s.snapshot_id)
), interval as materialized (
    select s.*
    from snapshot s, given g
    where s.same_server and s.earlier_id >= g.since
    order by s.snapshot_id desc
    limit 500
), step as (
    select
        f.first_snapshot, f.since, f.calls, f.exec_time, f.rows,
        lag(f) over (partition by f.entry_id order by f.first_snapshot) as before
    from given g
    join public.statement_entries e on g.query_id is null and e.is_top_level or e.query_id = g.query_id
    join public.statement_figures f using (entry_id)
    left join pg_database d on d.oid = e.database_id
    left join pg_roles u on u.oid = e.user_id
    where int8range(f.first_snapshot, f.next_snapshot) && int8range((select min(i.earlier_id) from interval i), null)
        and (g.database is null or coalesce(d.datname, e.database_name) = g.database)
        and (g."user" is null or coalesce(u.rolname, e.user_name) = g."user")
), counted as (
    select
        i.snapshot_id,
        sum(s.calls - case when l.goes_on then (s.before).calls else 0 end) as calls,
        sum(s.exec_time - case when l.goes_on then (s.before).exec_time else 0 end) as exec_time
    from step s
    join interval i on i.snapshot_id = s.first_snapshot
    cross join lateral (
        select (s.before).next_snapshot = s.first_snapshot and not i.was_reset
            and (s.before).since is not distinct from s.since
            and (s.before).calls <= s.calls and (s.before).rows <= s.rows and (s.before).exec_time <= s.exec_time
    ) l (goes_on)
    group by i.snapshot_id
)
select
    i.earlier_at as "from",
    i.taken_at as "to",
    coalesce(c.calls, 0)::float8 as calls,
    coalesce(c.exec_time, 0)::float8 as exec_time,
    i.was_reset
from interval i
left join counted c using (snapshot_id)
order by i.snapshot_id;
