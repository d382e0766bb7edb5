-- Computes user_engagement for a range of days in UTC, both ends included, and returns how many rows changed.
--
-- A session ends where more than 30 minutes lie between the end of one viewing and the start of the next; a day begins
-- with a new one. A viewing is complete when it lasted 90 % of the episode. Can be repeated, as
-- compute_content_analytics() can.
CREATE OR REPLACE FUNCTION compute_user_engagement(first_day date, last_day date)
RETURNS bigint
LANGUAGE plpgsql
VOLATILE
PARALLEL UNSAFE
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    from_time constant timestamptz := first_day::timestamp AT TIME ZONE 'UTC';
    to_time constant timestamptz := (last_day + 1)::timestamp AT TIME ZONE 'UTC';
    changed bigint;
BEGIN
    INSERT INTO user_engagement AS stored
    SELECT
        user_id, day, sum(sessions), sum(seconds), sum(episodes), sum(completed), sum(searches), sum(favorites),
        sum(reviews)
    FROM (
        SELECT
            user_id, day, count(*) FILTER (WHERE starts_session), sum(watch_duration), count(DISTINCT episode_id),
            count(DISTINCT episode_id) FILTER (WHERE is_complete), 0, 0, 0
        FROM (
            SELECT
                history.user_id, (history.watched_at AT TIME ZONE 'UTC')::date AS day, history.watch_duration,
                history.episode_id, history.watch_duration >= 0.9 * episode.video_duration AS is_complete,
                lag(history.watched_at + make_interval(secs => history.watch_duration)) OVER (
                    PARTITION BY history.user_id, (history.watched_at AT TIME ZONE 'UTC')::date
                    ORDER BY history.watched_at, history.id
                ) + interval '30 minutes' < history.watched_at IS NOT FALSE AS starts_session
            FROM watch_history history
            JOIN episodes episode ON episode.id = history.episode_id
            WHERE history.watched_at >= from_time AND history.watched_at < to_time
        ) viewing
        GROUP BY user_id, day
        UNION ALL
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, 0, 0, 0, 0, 1, 0, 0
        FROM search_queries
        WHERE user_id IS NOT NULL AND created_at >= from_time AND created_at < to_time
        UNION ALL
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, 0, 0, 0, 0, 0, 1, 0
        FROM user_favorites
        WHERE created_at >= from_time AND created_at < to_time
        UNION ALL
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, 0, 0, 0, 0, 0, 0, 1
        FROM user_reviews
        WHERE created_at >= from_time AND created_at < to_time
    ) done (user_id, day, sessions, seconds, episodes, completed, searches, favorites, reviews)
    GROUP BY user_id, day
    ON CONFLICT (user_id, date) DO UPDATE
    SET sessions_count = excluded.sessions_count, total_watch_time = excluded.total_watch_time,
        episodes_watched = excluded.episodes_watched, episodes_completed = excluded.episodes_completed,
        searches_count = excluded.searches_count, favorites_added = excluded.favorites_added,
        reviews_written = excluded.reviews_written
    WHERE stored.* IS DISTINCT FROM excluded.*;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$function$;

REVOKE EXECUTE ON FUNCTION compute_user_engagement(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compute_user_engagement(date, date) TO doramaflix_owner;

COMMENT ON FUNCTION compute_user_engagement(date, date) IS
    'Computes user_engagement for a range of days in UTC, both ends included, and returns how many rows changed.';
