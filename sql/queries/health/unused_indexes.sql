-- Indexes that no query has used since the statistics began, of partitioned ones the whole summed.
with tree as (
    select
        coalesce(pg_partition_root(s.indexrelid), s.indexrelid)::regclass as index,
        coalesce(pg_partition_root(s.relid), s.relid)::regclass as relation,
        s.idx_scan as scans,
        c.relpages::bigint * current_setting('block_size')::integer as size
    from pg_stat_user_indexes s
    join pg_class c on c.oid = s.indexrelid and c.relpersistence <> 't'
), unused as (
    select t.index, t.relation, sum(t.size) as size
    from tree t
    join pg_index x on x.indexrelid = t.index
    -- What enforces something works without being read by queries.
    where not x.indisunique and not x.indisprimary and not x.indisexclusion and not x.indisreplident
        and not exists (select from pg_constraint k where k.conindid = t.index)
        and x.indisvalid
    group by t.index, t.relation
    having sum(t.scans) = 0
)
select
    -- A month has seen the reports that run once in it.
    case when d.stats_reset < now() - interval '30 days' then 'warning' else 'note' end as level,
    u.index::text as object,
    jsonb_build_object('table', u.relation::text, 'size', u.size, 'since', d.stats_reset) as detail,
    case
        when c.relkind = 'I' then format('drop index %s;', u.index)
        else format('drop index concurrently %s;', u.index)
    end as cure
from unused u
join pg_class c on c.oid = u.index
join pg_stat_database d on d.datname = current_database()
-- Below some megabytes it costs writers little.
where u.size >= 10 * 1024 ^ 2
order by u.size desc;
