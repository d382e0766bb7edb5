-- Tables and materialized views much larger than their rows, by an estimate from statistics; partitions summed.
with known as materialized (
    -- What the planner knows of the columns; nobody sees it of columns that he may not read.
    select
        c.oid,
        c.relkind,
        coalesce(pg_partition_root(c.oid), c.oid) as root,
        c.reltuples,
        c.relpages,
        coalesce(substring(c.reloptions::text from 'fillfactor=(\d+)')::integer, 100) as fillfactor,
        count(s.attname) as known,
        count(*) as columns,
        bool_or(s.null_frac > 0) as has_nulls,
        sum((1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, 0)) as width,
        count(*) filter (where not has_column_privilege(c.oid, a.attnum, 'select')) as hidden
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_stats s
        on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
    where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')
        -- Below 8 MB there is nothing to gain.
        and c.relpages >= 1000 and c.reltuples >= 0
    group by c.oid, c.relkind, c.reltuples, c.relpages, c.reloptions
), estimated as (
    select
        k.root,
        sum(k.relpages) as pages,
        -- A row has a line pointer of 4 bytes and a header of 23, with its map of nulls, in steps of 8; a page has a
        -- header of 24.
        sum(
            ceil(
                k.reltuples * (
                    4
                    + 8 * ceil((23 + case when k.has_nulls then k.columns / 8.0 else 0 end) / 8.0)
                    + 8 * ceil(k.width / 8)
                )
                / ((current_setting('block_size')::integer - 24) * k.fillfactor / 100.0)
            )
        ) as needed
    from known k
    where k.known = k.columns
    group by k.root
)
select
    'warning' as level,
    e.root::regclass::text as object,
    jsonb_build_object(
        'size', e.pages * current_setting('block_size')::integer,
        'bloat', (e.pages - e.needed) * current_setting('block_size')::integer
    ) as detail,
    case
        when (select relkind from pg_class where oid = e.root) = 'm'
            then format('refresh materialized view %s;', e.root::regclass)
        else format('vacuum (full, analyze) %s;', e.root::regclass)
    end as cure
from estimated e
-- Half of it and 100 MB: the room that updates need, and what the estimate is wrong by, are well below.
where e.pages - e.needed > 0.5 * e.pages
    and (e.pages - e.needed) * current_setting('block_size')::integer >= 100 * 1024 ^ 2
union all
select
    'not_checked', 'tables', jsonb_build_object('hidden', count(*)),
    format('grant pg_read_all_data to %I;', current_user)
from known k
where k.hidden > 0
having count(*) > 0
order by 1 desc, 2;
