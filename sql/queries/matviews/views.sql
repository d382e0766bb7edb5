-- The materialized views in the order in which they are to be refreshed, and whether each is as old as its policy says.
select
    m.view::oid::bigint::float8 as oid,
    m.view::text as view,
    m.view_name::text as name,
    m.level,
    (
        select coalesce(jsonb_agg(need::text order by need::text), '[]')
        from unnest(m.needs) need
    ) as needs,
    c.relispopulated as is_populated,
    p.every is not null and (
        not c.relispopulated
        or public.matview_is_due(m.view, p.every)
    ) as is_stale
from public.materialized_views() m
join pg_class c on c.oid = m.view
left join public.matview_policies p on p.schema_name = m.schema_name and p.view_name = m.view_name
order by m.level, 2;
