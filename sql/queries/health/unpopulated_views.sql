-- Materialized views that have no contents, so that reading them is an error: one row for each.
select
    'error' as level,
    c.oid::regclass::text as object,
    '{}'::jsonb as detail,
    format('refresh materialized view %s;', c.oid::regclass) as cure
from pg_class c
where c.relkind = 'm' and not c.relispopulated
order by 2;
