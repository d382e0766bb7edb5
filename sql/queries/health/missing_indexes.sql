-- Large tables that are read whole again and again, partitions summed: candidates for an index.
select
    'warning' as level,
    r.root::text as object,
    jsonb_build_object(
        'scans', sum(s.seq_scan),
        'rows_read', sum(s.seq_tup_read),
        'index_scans', sum(coalesce(s.idx_scan, 0)),
        'since', (select d.stats_reset from pg_stat_database d where d.datname = current_database())
    ) as detail,
    null::text as cure
from pg_stat_user_tables s
cross join lateral (select coalesce(pg_partition_root(s.relid), s.relid)::regclass as root) r
group by r.root
-- Some of them are dumps and reports; a thousand are not, and each of so many rows takes milliseconds of a processor.
having sum(s.seq_scan) >= 1000
    and sum(s.seq_tup_read) >= 10000 * sum(s.seq_scan)
    and sum(s.seq_scan) > sum(coalesce(s.idx_scan, 0))
order by sum(s.seq_tup_read) desc;
