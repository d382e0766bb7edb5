-- Takes the migration lock of this database for the session, if it is free.
--
-- Polled and never waited for: a waiting pg_advisory_lock() holds a snapshot, for which a CREATE INDEX CONCURRENTLY of
-- the lock's holder would wait in its turn.
select pg_try_advisory_lock(hashtextextended('doramaflix-db migrations', 0)) as locked;
