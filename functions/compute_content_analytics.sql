-- Computes content_analytics for a range of days in UTC, both ends included, and returns how many rows changed.
--
-- A viewing is complete when it lasted 90 % of the episode. A user counts as new where no earlier day has a viewing of
-- the course; this reads the new viewers' older viewings, in all partitions before the range. Can be repeated: rows
-- that would not change are left alone, and days whose viewings have been dropped since keep their rows.
CREATE OR REPLACE FUNCTION compute_content_analytics(first_day date, last_day date)
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
    WITH viewers AS MATERIALIZED (
        SELECT
            episode.course_id, history.user_id, (history.watched_at AT TIME ZONE 'UTC')::date AS day,
            count(*) AS views, sum(history.watch_duration) AS seconds,
            count(*) FILTER (WHERE history.watch_duration >= 0.9 * episode.video_duration) AS completed
        FROM watch_history history
        JOIN episodes episode ON episode.id = history.episode_id
        WHERE history.watched_at >= from_time AND history.watched_at < to_time
        GROUP BY episode.course_id, history.user_id, day
    ), watched_before AS MATERIALIZED (
        SELECT DISTINCT earlier.user_id, episode.course_id
        -- Not from viewers above, for which the planner would expect 200 users, whatever the range.
        FROM (
            SELECT DISTINCT user_id FROM watch_history WHERE watched_at >= from_time AND watched_at < to_time
        ) viewer
        JOIN watch_history earlier ON earlier.user_id = viewer.user_id AND earlier.watched_at < from_time
        JOIN episodes episode ON episode.id = earlier.episode_id
    ), newcomers AS (
        SELECT first.course_id, first.day, count(*) AS users
        FROM (SELECT course_id, user_id, min(day) AS day FROM viewers GROUP BY course_id, user_id) first
        LEFT JOIN watched_before before USING (user_id, course_id)
        WHERE before.user_id IS NULL
        GROUP BY first.course_id, first.day
    ), ratings AS (
        SELECT course_id, (created_at AT TIME ZONE 'UTC')::date AS day, avg(rating) AS rating
        FROM user_reviews
        WHERE is_approved AND created_at >= from_time AND created_at < to_time
        GROUP BY course_id, day
    ), days AS (
        SELECT
            course_id, day, sum(views) AS views, count(*) AS viewers, round(sum(seconds) / 60) AS minutes,
            sum(completed) / sum(views) AS completion_rate
        FROM viewers
        GROUP BY course_id, day
    )
    INSERT INTO content_analytics AS stored
    SELECT
        course_id, day, coalesce(days.views, 0), coalesce(days.viewers, 0), coalesce(days.minutes, 0),
        days.completion_rate, ratings.rating, coalesce(newcomers.users, 0)
    FROM days
    FULL JOIN ratings USING (course_id, day)
    LEFT JOIN newcomers USING (course_id, day)
    ON CONFLICT (date, course_id) DO UPDATE
    SET total_views = excluded.total_views, unique_viewers = excluded.unique_viewers,
        watch_time_minutes = excluded.watch_time_minutes, completion_rate = excluded.completion_rate,
        average_rating = excluded.average_rating, new_subscribers = excluded.new_subscribers
    WHERE stored.* IS DISTINCT FROM excluded.*;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$function$;

REVOKE EXECUTE ON FUNCTION compute_content_analytics(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compute_content_analytics(date, date) TO doramaflix_owner;

COMMENT ON FUNCTION compute_content_analytics(date, date) IS
    'Computes content_analytics for a range of days in UTC, both ends included, and returns how many rows changed.';
