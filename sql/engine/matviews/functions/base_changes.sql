-- Compares the tables below a materialized view with their state at its last refresh.
--
-- `state` is "unchanged"; "changed", where `changes` is the number of rows inserted, updated and deleted since;
-- "replaced", where a table was truncated, rewritten, or got or lost a partition; or "unknown", where the view was
-- never refreshed by the toolkit, reads another set of tables now, or the statistics were reset or are not kept.
-- `changes` counts what is known, null when nothing is. `largest_share` is that of the table of which the largest share
-- has changed, where 1 stands for as many changes as it has rows.
create or replace function public.base_changes(view regclass)
returns table (state text, changes bigint, largest_share double precision, changed_bases regclass[])
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with compared as (
        select
            n.base,
            n.row_estimate,
            case
                when n.base is null or o.base_oid is null then 'unknown'
                when o.statistics_epoch <> epoch.now or n.change_count < o.change_count then 'unknown'
                when current_setting('track_counts') <> 'on' then 'unknown'
                when o.storage <> n.storage then 'replaced'
                when n.change_count > o.change_count then 'changed'
                else 'unchanged'
            end as state,
            n.change_count - o.change_count as changes
        from public.base_states(base_changes.view) n
        full join (
            select * from public.matview_base_states where view_oid = base_changes.view
        ) o on o.base_oid = n.base
        cross join (select public.statistics_epoch() as now) epoch
    )
    select
        case
            when count(*) = 0 or bool_or(c.state = 'unknown') then 'unknown'
            when bool_or(c.state = 'replaced') then 'replaced'
            when bool_or(c.state = 'changed') then 'changed'
            else 'unchanged'
        end,
        (sum(c.changes) filter (where c.state in ('unchanged', 'changed')))::bigint,
        max(c.changes::double precision / greatest(c.row_estimate, 1))
            filter (where c.state in ('unchanged', 'changed')),
        coalesce(
            array_agg(c.base order by c.base::text) filter (where c.state <> 'unchanged' and c.base is not null), '{}'
        )
    from compared c;
$function$;

comment on function public.base_changes(regclass) is
    'Compares the tables below a materialized view with their state at its last refresh.';
