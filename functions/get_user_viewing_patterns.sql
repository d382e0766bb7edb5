-- Returns one row that says how a user watched in the time before a moment: how much, what, when and how.
--
-- Reads the user's own viewings of that time through idx_watch_history_user_recent, in the partitions of that time
-- only. Under row-level security the application sees the current user's viewings, and nothing for another user. Where
-- two values are equally frequent the smaller one is given; without viewings the counts are 0 and the rest is null.
CREATE OR REPLACE FUNCTION get_user_viewing_patterns(
    user_id uuid, as_of timestamptz DEFAULT now(), period interval DEFAULT '90 days', time_zone text DEFAULT 'UTC'
)
RETURNS TABLE (
    viewings bigint, courses bigint, episodes bigint, watch_seconds bigint, average_seconds numeric,
    completion_rate numeric, favorite_origin drama_origin, favorite_category varchar, favorite_hour integer,
    favorite_weekday integer, favorite_device text, favorite_quality video_quality,
    favorite_subtitles subtitle_language, last_watched_at timestamptz
)
LANGUAGE sql
STABLE
PARALLEL SAFE
ROWS 1
BEGIN ATOMIC
    WITH viewing AS MATERIALIZED (
        SELECT
            history.episode_id, history.watched_at, history.watch_duration, history.quality_watched,
            history.subtitles_used, history.device_info ->> 'type' AS device, watched.course_id, watched.drama_origin,
            history.watched_at AT TIME ZONE get_user_viewing_patterns.time_zone AS local_time,
            history.watch_duration >= 0.9 * watched.video_duration AS is_complete
        FROM watch_history history
        -- With LIMIT each is looked up by its key; joined, all episodes would be read for a user with many viewings.
        CROSS JOIN LATERAL (
            SELECT episode.course_id, episode.video_duration, course.drama_origin
            FROM episodes episode
            JOIN courses course ON course.id = episode.course_id
            WHERE episode.id = history.episode_id
            LIMIT 1
        ) watched
        WHERE history.user_id = get_user_viewing_patterns.user_id
            AND history.watched_at > get_user_viewing_patterns.as_of - get_user_viewing_patterns.period
            AND history.watched_at <= get_user_viewing_patterns.as_of
    )
    SELECT
        count(*), count(DISTINCT viewing.course_id), count(DISTINCT viewing.episode_id),
        coalesce(sum(viewing.watch_duration), 0), round(avg(viewing.watch_duration), 1),
        round(avg(viewing.is_complete::integer), 4),
        mode() WITHIN GROUP (ORDER BY viewing.drama_origin),
        (
            SELECT category.name
            FROM viewing watched
            JOIN course_categories filed ON filed.course_id = watched.course_id
            JOIN categories category ON category.id = filed.category_id
            GROUP BY category.name
            ORDER BY count(*) DESC, category.name
            LIMIT 1
        ),
        mode() WITHIN GROUP (ORDER BY extract(hour FROM viewing.local_time)::integer),
        mode() WITHIN GROUP (ORDER BY extract(isodow FROM viewing.local_time)::integer),
        mode() WITHIN GROUP (ORDER BY viewing.device),
        mode() WITHIN GROUP (ORDER BY viewing.quality_watched),
        mode() WITHIN GROUP (ORDER BY viewing.subtitles_used),
        max(viewing.watched_at)
    FROM viewing;
END;

COMMENT ON FUNCTION get_user_viewing_patterns(uuid, timestamptz, interval, text) IS
    'Returns one row that says how a user watched in the time before a moment: how much, what, when and how.';
