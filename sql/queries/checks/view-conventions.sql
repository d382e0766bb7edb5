-- Materialized views that cannot be refreshed while they are read: no unique index covers all of their rows by columns.
select
    'view-not-refreshable-concurrently' as rule,
    c.oid::regclass::text as object,
    '{}'::jsonb as detail
from pg_class c
where c.relkind = 'm'
    and not exists (
        select from pg_index x
        where x.indrelid = c.oid and x.indisunique and x.indisvalid and x.indimmediate
            and x.indpred is null and x.indexprs is null
    )
    and not exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by 2;
