-- How many materialized views are older than their policy allows, and what statements have cost: one row.
select
    (
        select count(*)::integer
        from public.matview_policies p
        join pg_namespace n on n.nspname = p.schema_name
        join pg_class c on c.relnamespace = n.oid and c.relname = p.view_name and c.relkind = 'm'
        where not c.relispopulated or now() - public.matview_fresh_at(c.oid) > p.every
    ) as stale_views,
    t.statements::double precision as statements,
    t.calls::double precision as calls,
    t.seconds
from (select) one
left join public.statement_totals() t on true;
