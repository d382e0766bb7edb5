-- What is to be known of the relations of a plan, and of the tables whose partitions they are: one row each.
--
-- $1 is an array of objects with "schema" and "name". Sizes are those that the last VACUUM or ANALYZE found, so that no
-- table is opened.
with given as materialized (
    select
        c.oid,
        g.schema,
        g.name,
        coalesce(pg_partition_root(c.oid)::oid, c.oid) as root
    from jsonb_to_recordset($1::jsonb) g(schema text, name text)
    join pg_namespace n on n.nspname = g.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = g.name
), roots as materialized (
    select distinct g.root as oid from given g
), members as materialized (
    select r.oid as root, t.relid::oid as oid, t.parentrelid::oid as parent, t.level, t.isleaf
    from roots r
    join pg_class c on c.oid = r.oid and c.relkind = 'p'
    cross join lateral pg_partition_tree(r.oid) t
    union all
    select r.oid, r.oid, null, 0, true
    from roots r
    join pg_class c on c.oid = r.oid and c.relkind <> 'p'
), facts as materialized (
    select
        m.root,
        count(*) filter (where m.isleaf) as partitions,
        sum(greatest(c.reltuples, 0)) filter (where m.isleaf) as rows,
        sum(c.relpages::bigint) filter (where m.isleaf) * current_setting('block_size')::integer as bytes,
        jsonb_agg(
            jsonb_build_object(
                'name', quote_ident(c.relname),
                'schema', quote_ident(n.nspname),
                'parent', m.parent::regclass,
                'level', m.level,
                'isLeaf', m.isleaf
            )
            order by m.level, n.nspname, c.relname
        ) as tree,
        bool_or(c.relkind = 'f') as has_foreign,
        sum(s.n_tup_ins) as inserted,
        sum(s.n_tup_upd) as updated,
        sum(s.n_tup_del) as deleted,
        sum(s.n_tup_hot_upd) as hot_updated
    from members m
    join pg_class c on c.oid = m.oid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_stat_all_tables s on s.relid = m.oid and m.isleaf
    group by m.root
)
select
    g.schema,
    g.name,
    f.root::regclass::text as root,
    case when f.has_foreign then 'f' else c.relkind end::text as kind,
    k.partstrat::text as strategy,
    (
        select coalesce(jsonb_agg(a.attname order by p.place), '[]')
        from unnest(k.partattrs::smallint[]) with ordinality p(number, place)
        join pg_attribute a on a.attrelid = f.root and a.attnum = p.number
    ) as key_columns,
    coalesce(0 = any (k.partattrs::smallint[]), false) as key_has_expression,
    f.partitions::float8 as partitions,
    f.rows::float8 as rows,
    f.bytes::float8 as bytes,
    f.tree,
    (
        select coalesce(jsonb_agg(i.columns), '[]')
        from (
            select (
                select jsonb_agg(a.attname order by p.place)
                from unnest(x.indkey::smallint[]) with ordinality p(number, place)
                left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = p.number
                where p.place <= x.indnkeyatts
            ) as columns
            from pg_index x
            join pg_class xc on xc.oid = x.indexrelid
            join pg_am m on m.oid = xc.relam and m.amname = 'btree'
            where x.indrelid = f.root and x.indisvalid and x.indpred is null
        ) i
    ) as indexes,
    (select count(*) from pg_index x where x.indrelid = f.root)::float8 as index_count,
    (
        select jsonb_object_agg(a.attname, quote_ident(a.attname))
        from pg_attribute a
        where a.attrelid = f.root and a.attnum > 0 and not a.attisdropped
    ) as quoted_columns,
    coalesce(f.inserted, 0)::float8 as inserted,
    coalesce(f.updated, 0)::float8 as updated,
    coalesce(f.deleted, 0)::float8 as deleted,
    coalesce(f.hot_updated, 0)::float8 as hot_updated,
    (select d.stats_reset from pg_stat_database d where d.datname = current_database()) as stats_reset
from given g
join facts f on f.root = g.root
join pg_class c on c.oid = f.root
left join pg_partitioned_table k on k.partrelid = f.root;
