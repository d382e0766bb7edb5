-- How a materialized view would be refreshed now, or why it would not.
--
-- $1 has its name ("view") and the way that is asked for ("mode"). `since` is the begin of its last refresh; `due_in`,
-- in milliseconds, is when its policy has it refreshed whether something has changed or not.
select
    d.mode,
    d.reason,
    (
        select max(r.started_at)
        from public.matview_refreshes r
        join pg_namespace n on n.nspname = r.schema_name
        join pg_class c on c.relnamespace = n.oid and c.relname = r.view_name
        where c.oid = g.view and r.error is null
    ) as since,
    case when d.reason = 'not_due' then to_jsonb(public.changes_without_bases(g.view)) else '[]' end as changes_with,
    case
        when d.reason = 'not_due' then extract(
            epoch from public.matview_fresh_at(g.view) + (public.matview_policy(g.view)).every - clock_timestamp()
        )::float8 * 1000
    end as due_in,
    public.session_refreshing(g.view) as process_id
from (
    select (given ->> 'view')::regclass as view, given ->> 'mode' as mode from (select $1::jsonb as given) g
) g
cross join lateral public.refresh_decision(g.view, g.mode) d;
