-- Takes the migration lock of this database for the session, if it is free, and switches off time limits that the
-- role or the database sets for ordinary work: one on statements would cancel a whole batch of migrations, whose
-- statements the server sees as one.
--
-- The lock is polled and never waited for: a waiting pg_advisory_lock() holds a snapshot, for which a CREATE INDEX
-- CONCURRENTLY of the lock's holder would wait in its turn. The server is to look every second whether the client is
-- still there, or the work of a killed one would go on, and the lock with it; servers on Windows cannot.
select
    pg_try_advisory_lock(hashtextextended('doramaflix-db migrations', 0)) as locked,
    (
        select set_config(name, case setting when '0' then '1s' else setting end, false)
        from pg_settings
        where name = 'client_connection_check_interval' and version() !~* 'mingw|windows|visual c'
    ) as client_connection_check_interval,
    (
        select count(set_config(name, '0', false))::integer
        from pg_settings
        where name in (
            'statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout'
        )
    ) as limits_off;
