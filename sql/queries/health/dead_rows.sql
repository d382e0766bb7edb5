-- Tables with many rows that VACUUM has not removed, partitions summed.
select
    'warning' as level,
    r.root::text as object,
    jsonb_build_object(
        'dead', sum(s.n_dead_tup),
        'live', sum(s.n_live_tup),
        'vacuumed_at', max(greatest(s.last_vacuum, s.last_autovacuum)),
        'analyzed_at', max(greatest(s.last_analyze, s.last_autoanalyze))
    ) as detail,
    format('vacuum (analyze) %s;', r.root) as cure
from pg_stat_user_tables s
join pg_class c on c.oid = s.relid and c.relpersistence <> 't'
cross join lateral (select coalesce(pg_partition_root(s.relid), s.relid)::regclass as root) r
group by r.root
-- Autovacuum begins at a fifth of the rows: at twice that it is off, too slow, or held up by an old transaction. Small
-- tables are read whole anyway.
having sum(s.n_dead_tup) >= 10000 and sum(s.n_dead_tup) > 0.4 * sum(s.n_live_tup)
order by sum(s.n_dead_tup) desc;
