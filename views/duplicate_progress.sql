-- Pairs of a user and an episode with more than one row in user_progress. record_progress() keeps it empty; rows that
-- were written otherwise can stand in two years, since a key of a partitioned table holds the column that changes.
CREATE OR REPLACE VIEW duplicate_progress WITH (security_invoker) AS
SELECT
    user_id, episode_id, count(*) AS row_count, max(last_watched_at) AS current_row,
    min(last_watched_at) AS oldest_row
FROM user_progress
GROUP BY user_id, episode_id
HAVING count(*) > 1;

COMMENT ON VIEW duplicate_progress IS 'Pairs of a user and an episode with more than one row in user_progress.';
COMMENT ON COLUMN duplicate_progress.current_row IS
    'last_watched_at of the row that counts; the others can be deleted.';

GRANT SELECT ON duplicate_progress TO doramaflix_owner;
