-- What each user did in the last 30 days, today so far included, from user_engagement. Personal: the application reads
-- it through my_insights, for materialized views know no row-level security.
CREATE MATERIALIZED VIEW mv_user_insights AS
SELECT
    users.id AS user_id, coalesce(recent.active_days, 0) AS active_days,
    coalesce(recent.sessions_count, 0) AS sessions_count, coalesce(recent.watch_seconds, 0) AS watch_seconds,
    coalesce(recent.episodes_watched, 0) AS episodes_watched,
    coalesce(recent.episodes_completed, 0) AS episodes_completed, coalesce(recent.searches_count, 0) AS searches_count,
    recent.last_active_on,
    CASE
        WHEN recent.active_days IS NULL THEN 'inactive'
        WHEN recent.active_days < 4 THEN 'low'
        WHEN recent.active_days < 12 THEN 'medium'
        ELSE 'high'
    END AS engagement_level
FROM users
LEFT JOIN (
    SELECT
        user_id, count(*) AS active_days, sum(sessions_count) AS sessions_count, sum(total_watch_time) AS watch_seconds,
        sum(episodes_watched) AS episodes_watched, sum(episodes_completed) AS episodes_completed,
        sum(searches_count) AS searches_count, max(date) AS last_active_on
    FROM user_engagement
    WHERE date >= (now() AT TIME ZONE 'UTC')::date - 29 AND date <= (now() AT TIME ZONE 'UTC')::date
    GROUP BY user_id
) recent ON recent.user_id = users.id;

CREATE UNIQUE INDEX mv_user_insights_user ON mv_user_insights (user_id);

COMMENT ON MATERIALIZED VIEW mv_user_insights IS 'What each user did in the last 30 days, in UTC.';
COMMENT ON COLUMN mv_user_insights.active_days IS 'Days with a viewing, a search, a favourite or a review.';
COMMENT ON COLUMN mv_user_insights.last_active_on IS 'Null if that is more than 30 days ago.';
COMMENT ON COLUMN mv_user_insights.engagement_level IS
    'By active_days: inactive with none, low with 1 to 3, medium with 4 to 11, high from 12.';

ALTER MATERIALIZED VIEW mv_user_insights OWNER TO doramaflix_owner;
