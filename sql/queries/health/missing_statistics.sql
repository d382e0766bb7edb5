-- Tables that the planner knows nothing, or too little, about: never analyzed, or changed a lot since.
with leaf as (
    select
        coalesce(pg_partition_root(s.relid), s.relid) as root,
        c.oid = coalesce(pg_partition_root(s.relid), s.relid) as is_root,
        greatest(s.n_live_tup, 0) as rows, c.reltuples, s.n_mod_since_analyze,
        greatest(s.last_analyze, s.last_autoanalyze) as analyzed_at
    from pg_stat_user_tables s
    join pg_class c on c.oid = s.relid and c.relpersistence <> 't' and c.relkind in ('r', 'm')
), found as (
    select
        l.root::regclass as root,
        sum(l.rows) as rows,
        p.relkind = 'p' as is_partitioned,
        case when p.relkind = 'p' then p.reltuples end as known,
        -- Small ones, autovacuum passes over, and any plan will do for them.
        coalesce(sum(l.rows) filter (where l.reltuples < 0), 0) as never_analyzed,
        -- Autovacuum analyzes after a change of a tenth, and comes by every minute. Rows that were inserted by the
        -- transaction that analyzed them count as changed since.
        coalesce(
            sum(l.n_mod_since_analyze) filter (
                where l.n_mod_since_analyze > 0.5 * l.rows and l.analyzed_at < now() - interval '10 minutes'
            ),
            0
        ) as changed
    from leaf l
    join pg_class p on p.oid = l.root
    group by l.root, p.relkind, p.reltuples
)
select
    'warning' as level,
    f.root::text as object,
    to_jsonb(f) - 'root' as detail,
    case
        -- From 18 on without the partitions, which autovacuum analyzes; never the table above them.
        when f.never_analyzed + f.changed < 10000 and current_setting('server_version_num')::integer >= 180000
            then format('analyze only %s;', f.root)
        else format('analyze %s;', f.root)
    end as cure
from found f
where f.never_analyzed >= 10000
    or f.changed >= 10000
    or (f.is_partitioned and f.rows >= 10000 and f.known < f.rows / 2)
order by f.rows desc;
