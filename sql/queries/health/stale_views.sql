-- Materialized views that are older than their policy allows, or whose last refresh failed: one row for each.
select
    case
        when age.of_it >= 2 * p.every or last.error is not null then 'error'
        -- Without any known refresh nobody can say how old it is.
        when age.of_it is null then 'note'
        else 'warning'
    end as level,
    c.oid::regclass::text as object,
    jsonb_build_object(
        'age', extract(epoch from age.of_it) * 1000,
        'every', extract(epoch from p.every) * 1000,
        'failed_at', case when last.error is not null then last.started_at end,
        'error', last.error
    ) as detail,
    format('select * from public.refresh_materialized_view(%L);', c.oid::regclass) as cure
from public.matview_policies p
join pg_namespace n on n.nspname = p.schema_name
join pg_class c on c.relnamespace = n.oid and c.relname = p.view_name and c.relkind = 'm' and c.relispopulated
cross join lateral (select now() - public.matview_fresh_at(c.oid) as of_it) age
left join lateral (
    select r.error, r.started_at
    from public.matview_refreshes r
    where r.schema_name = p.schema_name and r.view_name = p.view_name
    order by r.started_at desc, r.refresh_id desc
    limit 1
) last on true
where last.error is not null or age.of_it > p.every or age.of_it is null
order by 1, 2;
