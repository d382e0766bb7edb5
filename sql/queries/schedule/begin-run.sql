-- Begins a run of a job in this session: one row, its number null when the job has run for that moment already.
--
-- The server is to look every second whether the client is still there, or the work of a killed one would go on; and it
-- is to notice within ten seconds that its machine is gone, or nobody else could begin a run.
--
-- $1: job, due_at, missed, leader.
select
    public.begin_job_run(
        g.job, coalesce(g.due_at, clock_timestamp()), coalesce(g.missed, 0), g.leader
    )::double precision as run_id,
    (
        select set_config(s.name, case s.setting when '0' then '1s' else s.setting end, false)
        from pg_settings s
        where s.name = 'client_connection_check_interval' and version() !~* 'mingw|windows|visual c'
    ) as client_connection_check_interval,
    (
        select count(set_config(s.name, s.value, false))::integer
        from (
            values
                ('tcp_keepalives_idle', '4'),
                ('tcp_keepalives_interval', '2'),
                ('tcp_keepalives_count', '2'),
                ('tcp_user_timeout', '8000')
        ) s (name, value)
    ) as settings
from jsonb_to_record($1::jsonb) g (job text, due_at timestamptz, missed integer, leader text);
