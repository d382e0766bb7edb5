-- Tries to take the lock of the leading scheduler for the session, and says who has it, and what time it is: one row.
--
-- The lock is polled and never waited for, and time limits that the role or the database sets are switched off: the
-- session lives as long as the program. The server is to notice within ten seconds that the machine of a leader is gone;
-- where the program alone is, it notices at once.
select
    k.leads,
    public.session_identity() as identity,
    pg_backend_pid() as process_id,
    public.schedule_leader() as leader_process_id,
    clock_timestamp() as now,
    current_database()::text as database,
    pg_is_in_recovery() as is_standby,
    (
        select count(set_config(s.name, s.value, false))::integer
        from (
            values
                ('statement_timeout', '0'),
                ('transaction_timeout', '0'),
                ('idle_session_timeout', '0'),
                ('tcp_keepalives_idle', '4'),
                ('tcp_keepalives_interval', '2'),
                ('tcp_keepalives_count', '2'),
                ('tcp_user_timeout', '8000')
        ) s (name, value)
        where exists (select from pg_settings p where p.name = s.name)
    ) as settings
from (
    select case
        when public.session_identity(public.schedule_leader()) = public.session_identity() then true
        when pg_is_in_recovery() then false
        else pg_try_advisory_lock(hashtext('doramaflix-db schedule'), 0)
    end as leads
) k;
