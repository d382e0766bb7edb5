-- The process that serves this session: one row.
select pg_backend_pid() as process_id;
