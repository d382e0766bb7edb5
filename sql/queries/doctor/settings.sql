-- The settings that the doctor looks at: one row each, sizes in bytes and times in milliseconds.
--
-- A setting that the server's version does not have, or that this role may not read, has no row.
select
    s.name,
    current_setting(s.name) as value,
    case
        when s.vartype not in ('integer', 'real') then null
        when s.setting::numeric < 0 then s.setting::numeric
        else s.setting::numeric * case s.unit
            when 'kB' then 1024
            when 'MB' then 1048576
            when '8kB' then 8192
            when '16MB' then 16777216
            when 's' then 1000
            when 'min' then 60000
            else 1
        end
    end::float8 as number,
    s.source,
    s.context,
    s.pending_restart
from pg_settings s
where s.pending_restart or s.name in (
    'autovacuum', 'checkpoint_completion_target', 'compute_query_id', 'data_checksums', 'effective_cache_size',
    'effective_io_concurrency', 'fsync', 'full_page_writes', 'idle_in_transaction_session_timeout', 'jit',
    'log_lock_waits', 'maintenance_work_mem', 'max_connections', 'max_parallel_workers_per_gather', 'max_wal_size',
    'password_encryption', 'pg_stat_statements.max', 'random_page_cost', 'shared_buffers', 'shared_preload_libraries',
    'synchronous_commit', 'track_activities', 'track_activity_query_size', 'track_counts', 'track_io_timing',
    'wal_level', 'work_mem'
)
order by s.name;
