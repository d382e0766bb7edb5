-- That the last WAL file could not be archived: one row, or none.
select
    'error' as level,
    coalesce(a.last_failed_wal, '?') as object,
    jsonb_build_object(
        'failures', a.failed_count,
        'failed_at', a.last_failed_time,
        'archived_at', a.last_archived_time,
        'last_archived', a.last_archived_wal
    ) as detail,
    null::text as cure
from pg_stat_archiver a
where a.last_failed_time > coalesce(a.last_archived_time, '-infinity');
