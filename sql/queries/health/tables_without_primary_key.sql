-- Tables without a primary key; a partitioned one counts once.
select
    'note' as level,
    c.oid::regclass::text as object,
    '{}'::jsonb as detail,
    null::text as cure
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema')
    and not exists (
        select from pg_index x
        where x.indrelid = c.oid
            -- A unique index on a constant lets in one row only, which needs no key.
            and (x.indisprimary or (x.indisunique and x.indpred is null and x.indexprs::text like '({CONST %'))
    )
order by 2;
