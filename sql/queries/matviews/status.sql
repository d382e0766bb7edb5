-- The state of each materialized view: its last refresh, its policy, what has changed below it, its size, its ways.
--
-- Ages and durations in milliseconds. pg_total_relation_size() would wait for whoever has locked a view against
-- everything, as a plain refresh does: then the size is what the last VACUUM or ANALYZE found.
with locked as materialized (
    select distinct l.relation
    from pg_locks l
    where l.locktype = 'relation'
        and l.mode = 'AccessExclusiveLock'
        and l.database = (select oid from pg_database where datname = current_database())
        and l.pid is distinct from pg_backend_pid()
), view_of as materialized (
    select
        m.*, c.relispopulated, c.relpages, nullif(c.reltuples, -1) as row_estimate,
        c.oid in (select relation from locked) or c.reltoastrelid in (select relation from locked) or exists (
            select from pg_index i where i.indrelid = c.oid and i.indexrelid in (select relation from locked)
        ) as is_locked
    from public.materialized_views() m
    join pg_class c on c.oid = m.view
)
select
    v.view::text as view,
    v.level,
    (select coalesce(jsonb_agg(need::text order by need::text), '[]') from unnest(v.needs) need) as needs,
    v.relispopulated as is_populated,
    public.session_refreshing(v.view) as refreshed_now_by,
    extract(epoch from p.every)::float8 * 1000 as every,
    p.prefer,
    extract(epoch from clock_timestamp() - f.fresh_at)::float8 * 1000 as age,
    last.started_at as refreshed_at,
    last.refreshed_by::text as refreshed_by,
    last.mode,
    last.reason,
    extract(epoch from last.duration)::float8 * 1000 as duration,
    usual.duration as usual_duration,
    usual.number as usual_number,
    failures.number as failures,
    failures.error as last_error,
    b.state as base_state,
    b.changes::float8 as base_changes,
    (select coalesce(jsonb_agg(base::text), '[]') from unnest(b.changed_bases) base) as changed_bases,
    (
        select coalesce(jsonb_agg(n.base::text order by n.base::text), '[]')
        from public.base_states(v.view) n
        join public.matview_base_states o on o.view_oid = v.view and o.base_oid = n.base
        where o.storage <> n.storage
    ) as replaced_bases,
    to_jsonb(public.changes_without_bases(v.view)) as changes_with,
    v.row_estimate::float8 as rows,
    case
        when v.is_locked then v.relpages::bigint * current_setting('block_size')::bigint
        else pg_total_relation_size(v.view)
    end::float8 as size,
    case when not v.is_locked then public.matview_bloat(v.view) end as bloat,
    public.concurrent_refresh_index(v.view)::text as concurrent_index,
    (select coalesce(jsonb_agg(o.obstacle order by o.obstacle), '[]') from public.swap_obstacles(v.view) o (obstacle))
        as swap_obstacles
from view_of v
left join public.matview_policies p on p.schema_name = v.schema_name and p.view_name = v.view_name
cross join lateral (select public.matview_fresh_at(v.view) as fresh_at) f
cross join lateral public.base_changes(v.view) b
left join lateral (
    select r.*
    from public.matview_refreshes r
    where r.schema_name = v.schema_name and r.view_name = v.view_name and r.error is null
    order by r.started_at desc
    limit 1
) last on true
cross join lateral (
    select
        count(*)::integer as number,
        percentile_cont(0.5) within group (order by extract(epoch from earlier.duration)::float8 * 1000) as duration
    from (
        select r.duration
        from public.matview_refreshes r
        where r.schema_name = v.schema_name and r.view_name = v.view_name and r.error is null
            and r.duration is not null and r.refresh_id <> last.refresh_id
        order by r.started_at desc
        limit 10
    ) earlier
) usual
cross join lateral (
    select
        count(*)::integer as number,
        (array_agg(r.error order by r.started_at desc))[1] as error
    from public.matview_refreshes r
    where r.schema_name = v.schema_name and r.view_name = v.view_name and r.error is not null
        and r.started_at > coalesce(last.started_at, '-infinity')
) failures
order by v.level, 1;
