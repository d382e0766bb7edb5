-- Returns the best courses of the newest ranking of a period ("daily", "weekly", "monthly") up to a day.
--
-- Reads what compute_trending() has written, never the viewings themselves. An origin that is null stands for all.
CREATE OR REPLACE FUNCTION get_top_content_by_period(
    period text, origin drama_origin DEFAULT NULL, max_rows integer DEFAULT 10, category text DEFAULT 'all',
    as_of date DEFAULT (now() AT TIME ZONE 'UTC')::date
)
RETURNS TABLE (
    rank integer, course_id uuid, title varchar, drama_origin drama_origin, trending_score numeric, period_start date,
    period_end date
)
LANGUAGE sql
STABLE
PARALLEL SAFE
ROWS 10
BEGIN ATOMIC
    SELECT
        row_number() OVER (ORDER BY trending.rank)::integer, courses.id, courses.title, courses.drama_origin,
        trending.trending_score, trending.period_start, trending.period_end
    FROM trending_content trending
    JOIN courses ON courses.id = trending.course_id
    WHERE trending.period = get_top_content_by_period.period
        AND trending.category = get_top_content_by_period.category
        AND trending.period_start = (
            SELECT newest.period_start
            FROM trending_content newest
            WHERE newest.period = get_top_content_by_period.period
                AND newest.category = get_top_content_by_period.category
                AND newest.period_end <= get_top_content_by_period.as_of
            ORDER BY newest.period_start DESC
            LIMIT 1
        )
        AND courses.status = 'published'
        AND (get_top_content_by_period.origin IS NULL OR courses.drama_origin = get_top_content_by_period.origin)
    ORDER BY trending.rank
    LIMIT get_top_content_by_period.max_rows;
END;

COMMENT ON FUNCTION get_top_content_by_period(text, drama_origin, integer, text, date) IS
    'Returns the best courses of the newest ranking of a period ("daily", "weekly", "monthly") up to a day.';
