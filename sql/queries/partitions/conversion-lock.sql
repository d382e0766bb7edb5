-- Takes the lock of the conversion of a table for the session, if it is free, and gives the session what acting needs: one row.
--
-- The lock is polled and never waited for: a waiting pg_advisory_lock() holds a snapshot, for which a CREATE INDEX
-- CONCURRENTLY of the lock's holder would wait in its turn. It is one of the name, because the cut-over gives that to
-- another table. The server is to look every second whether the client is still there, or the work of a killed one would
-- go on, and the lock with it; servers on Windows cannot.
select
    pg_try_advisory_lock(hashtext('doramaflix-db partitions convert'), hashtext(i.given ->> 'table')) as locked,
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
    ) as limits_off
from (select $1::jsonb as given) i;
