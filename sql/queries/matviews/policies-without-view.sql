-- The policies of materialized views that are not there.
select p.schema_name::text as schema_name, p.view_name::text as view_name
from public.matview_policies p
where not exists (
    select
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'm' and n.nspname = p.schema_name and c.relname = p.view_name
)
order by 1, 2;
