-- Tables with rows: how many, which of their columns are filled, and a digest of all of it; a partitioned table is one.
--
-- Reads every row: for the few that were written to try a migration.
with candidate as materialized (
    select
        c.oid::regclass as relation,
        string_agg(format('count(%1$I) as %1$I', a.attname), ', ' order by a.attnum) as counts
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        -- What the tool itself records changes with every migration.
        and not (
            n.nspname = 'public' and c.relname in (
                'schema_migrations', 'migration_events', 'migration_statements', 'schema_definitions', 'schema_engine',
                'schema_environment', 'matview_base_states', 'matview_refreshes', 'retired_partitions'
            )
        )
    group by c.oid
), read as materialized (
    select
        relation,
        -- The only function that runs a text which is put together here.
        (xpath(
            '/row/data/text()',
            query_to_xml(
                format(
                    $query$
                    select jsonb_build_object(
                        'rows', (select count(*) from %1$s),
                        'filled', (select to_jsonb(s) from (select %2$s from %1$s) s),
                        'digest', (
                            select coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)::numeric), 0)::text
                            from %1$s t
                        )
                    ) as data
                    $query$,
                    relation, counts
                ),
                false, true, ''
            )
        ))[1]::text as data
    from candidate
)
select
    relation::text as "table",
    (d.data ->> 'rows')::integer as rows,
    d.data -> 'filled' as filled,
    d.data ->> 'digest' as digest
from read
cross join lateral (
    -- In XML these three are written as entities.
    select replace(replace(replace(read.data, '&lt;', '<'), '&gt;', '>'), '&amp;', '&')::jsonb as data
) d
where (d.data ->> 'rows')::integer > 0
order by 1;
