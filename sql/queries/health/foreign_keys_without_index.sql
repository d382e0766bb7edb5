-- Foreign keys whose columns no index begins with: one row for each, of a partitioned table one for the whole.
with size as materialized (
    select coalesce(pg_partition_root(c.oid), c.oid) as root, sum(greatest(c.reltuples, 0)) as rows
    from pg_class c
    where c.relkind = 'r'
    group by 1
), foreign_key as (
    select
        k.conname, k.conrelid, k.confrelid::regclass as referenced, k.conkey, c.relkind,
        coalesce(s.rows, 0) as rows,
        (
            select string_agg(quote_ident(a.attname), ', ' order by m.place)
            from unnest(k.conkey) with ordinality m (attnum, place)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = m.attnum
        ) as columns
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    left join size s on s.root = k.conrelid
    where k.contype = 'f' and k.conparentid = 0
        and not exists (
            select from pg_index x
            where x.indrelid = k.conrelid and x.indisvalid
                -- A key without a value refers to nothing, so an index without those rows serves as well.
                and (
                    x.indpred is null or pg_get_expr(x.indpred, x.indrelid) in (
                        select format('(%I IS NOT NULL)', a.attname)
                        from pg_attribute a
                        where a.attrelid = k.conrelid and a.attnum = any (k.conkey)
                    )
                )
                and x.indnkeyatts >= cardinality(k.conkey)
                -- In any order; a primary key that begins with them will do.
                and (x.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
        )
)
select
    -- Each deletion from the referenced table reads the referencing one whole: milliseconds for fewer rows.
    case when f.rows >= 100000 then 'warning' else 'note' end as level,
    format('%s.%I', f.conrelid::regclass, f.conname) as object,
    jsonb_build_object(
        'table', f.conrelid::regclass::text, 'columns', f.columns, 'referenced', f.referenced::text, 'rows', f.rows
    ) as detail,
    case
        when f.relkind = 'p' then format('create index on %s (%s);', f.conrelid::regclass, f.columns)
        else format('create index concurrently on %s (%s);', f.conrelid::regclass, f.columns)
    end as cure
from foreign_key f
order by f.rows desc, 2;
