-- B-tree indexes much larger than their entries, by an estimate from statistics; partitions summed.
with known as materialized (
    -- What the planner knows of the columns, of expressions under the index's own name; nobody sees it of columns that
    -- he may not read.
    select
        c.oid,
        coalesce(pg_partition_root(c.oid), c.oid) as root,
        c.reltuples,
        c.relpages,
        coalesce(substring(c.reloptions::text from 'fillfactor=(\d+)')::integer, 90) as fillfactor,
        count(s.attname) as known,
        count(*) as columns,
        bool_or(s.null_frac > 0) as has_nulls,
        sum((1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, 0)) as width,
        bool_or(not has_table_privilege(x.indrelid, 'select')) as is_hidden
    from pg_index x
    join pg_class c on c.oid = x.indexrelid and c.relkind = 'i' and c.relpersistence <> 't'
    join pg_class t on t.oid = x.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    join pg_attribute a on a.attrelid = c.oid
    cross join lateral (select (x.indkey::smallint[])[a.attnum - 1] as attnum) k
    left join pg_attribute b on b.attrelid = t.oid and b.attnum = k.attnum and k.attnum > 0
    left join pg_stats s on s.schemaname = n.nspname and not s.inherited
        and s.tablename = case when k.attnum > 0 then t.relname else c.relname end
        and s.attname = coalesce(b.attname, a.attname)
    where c.relam = (select oid from pg_am where amname = 'btree')
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and x.indisvalid
        -- Below 8 MB there is nothing to gain.
        and c.relpages >= 1000
    group by c.oid, c.reltuples, c.relpages, c.reloptions
), estimated as (
    select
        k.root,
        sum(k.relpages) as pages,
        -- An entry has a line pointer of 4 bytes, a header of 8 and perhaps a map of nulls of 8, in steps of 8; a page
        -- has a header of 24 and an end of 16. Entries that are alike are stored once, so that it needs less than this.
        sum(
            ceil(
                k.reltuples * (12 + case when k.has_nulls then 8 else 0 end + 8 * ceil(k.width / 8))
                / ((current_setting('block_size')::integer - 40) * k.fillfactor / 100.0)
            ) + 1
        ) as needed
    from known k
    where k.known = k.columns
    group by k.root
)
select
    'warning' as level,
    e.root::regclass::text as object,
    jsonb_build_object(
        'table', x.indrelid::regclass::text,
        'size', e.pages * current_setting('block_size')::integer,
        'bloat', (e.pages - e.needed) * current_setting('block_size')::integer
    ) as detail,
    format('reindex index concurrently %s;', e.root::regclass) as cure
from estimated e
join pg_index x on x.indexrelid = e.root
-- Half of it and 100 MB: pages that have split are two thirds full, which is below.
where e.pages - e.needed > 0.5 * e.pages
    and (e.pages - e.needed) * current_setting('block_size')::integer >= 100 * 1024 ^ 2
union all
select
    'not_checked', 'indexes', jsonb_build_object('hidden', count(*)),
    format('grant pg_read_all_data to %I;', current_user)
from known k
where k.is_hidden
having count(*) > 0
order by 1 desc, 2;
