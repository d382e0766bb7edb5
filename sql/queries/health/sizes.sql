-- The ten largest tables, with TOAST, and the ten largest indexes, partitions summed: one row for each.
with measured as (
    select
        case when c.relkind = 'i' then 'index' else 'table' end as kind,
        coalesce(pg_partition_root(c.oid), c.oid)::regclass as object,
        pg_table_size(c.oid) as size,
        case when c.relkind <> 'i' then pg_indexes_size(c.oid) end as indexes,
        greatest(c.reltuples, 0) as rows
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm', 'i') and c.relpersistence <> 't'
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
), summed as (
    select
        m.kind, m.object, sum(m.size) as size, sum(m.indexes) as indexes, sum(m.rows) as rows, count(*) as partitions,
        row_number() over (
            partition by m.kind order by sum(m.size) + coalesce(sum(m.indexes), 0) desc, m.object::text
        ) as place
    from measured m
    group by m.kind, m.object
)
select
    s.kind,
    s.object::text as object,
    s.size::float8 as size,
    s.indexes::float8 as index_size,
    s.rows::float8 as rows,
    s.partitions::integer as partitions
from summed s
where s.place <= 10
order by s.kind desc, s.place;
