-- Takes the migration lock of this database for the session, if it is free, and switches off time limits that the
-- role or the database sets for ordinary work: one on statements would cancel a whole batch of migrations, whose
-- statements the server sees as one.
--
-- The lock is polled and never waited for: a waiting pg_advisory_lock() holds a snapshot, for which a CREATE INDEX
-- CONCURRENTLY of the lock's holder would wait in its turn.
select
    pg_try_advisory_lock(hashtextextended('doramaflix-db migrations', 0)) as locked,
    (
        select count(set_config(name, '0', false))::integer
        from pg_settings
        where name in (
            'statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout'
        )
    ) as limits_off;
