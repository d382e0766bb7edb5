-- The database, what time it is there, and the scheduler that leads: one row.
select
    current_database()::text as database,
    clock_timestamp() as now,
    pg_is_in_recovery() as is_standby,
    l.process_id,
    a.usename::text as "user",
    a.application_name,
    host(a.client_addr) as client_address,
    a.backend_start as since
from (select public.schedule_leader() as process_id) l
left join pg_stat_activity a on a.pid = l.process_id;
