-- Ranks the courses of a period that ends with a day, over all and in each category; returns the number of rows.
--
-- The score is the average number of viewers a day, multiplied by the growth: (views + 10) / (views before + 10),
-- at least 0.5 and at most 3, where "before" is the time of the same length before the period. The 10 keep a course
-- with its first views from the top. Reads content_analytics, which compute_daily_analytics() fills. A period is the
-- last day, 7 days or 30 days; null computes all three. Kept are the best 100 of each origin in each category. A
-- second run for the same day replaces the first.
CREATE OR REPLACE FUNCTION compute_trending(
    period text DEFAULT NULL, as_of date DEFAULT (now() AT TIME ZONE 'UTC')::date
)
RETURNS bigint
LANGUAGE plpgsql
VOLATILE
PARALLEL UNSAFE
SET search_path = pg_catalog, public, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    lengths constant jsonb := '{"daily": 1, "weekly": 7, "monthly": 30}'::jsonb;
    days constant integer := (lengths -> compute_trending.period)::integer;
    first_day constant date := compute_trending.as_of - days + 1;
    written bigint;
BEGIN
    IF compute_trending.period IS NULL THEN
        RETURN (
            SELECT sum(compute_trending(key, compute_trending.as_of))::bigint FROM jsonb_object_keys(lengths) key
        );
    ELSIF days IS NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('There is no period "%s".', compute_trending.period),
            HINT = 'Use daily, weekly or monthly.';
    END IF;
    -- Two runs for the same day one after the other; whoever reads goes on.
    LOCK TABLE trending_content IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM trending_content WHERE period = compute_trending.period AND period_start = first_day;
    INSERT INTO trending_content (course_id, trending_score, period, period_start, period_end, rank, category)
    SELECT course_id, score, compute_trending.period, first_day, compute_trending.as_of, place, category
    FROM (
        SELECT
            course_id, score, category,
            row_number() OVER (PARTITION BY category ORDER BY score DESC, course_id) AS place,
            row_number() OVER (PARTITION BY category, drama_origin ORDER BY score DESC, course_id) AS place_of_origin
        FROM (
            SELECT
                course_id,
                round(
                    sum(unique_viewers) FILTER (WHERE date >= first_day)::numeric / days
                    * least(3, greatest(0.5,
                        (10.0 + sum(total_views) FILTER (WHERE date >= first_day))
                        / (10.0 + coalesce(sum(total_views) FILTER (WHERE date < first_day), 0))
                    )), 4
                ) AS score
            FROM content_analytics
            WHERE date > compute_trending.as_of - 2 * days AND date <= compute_trending.as_of
            GROUP BY course_id
        ) scored
        JOIN courses ON courses.id = course_id AND courses.status = 'published'
        CROSS JOIN LATERAL (
            SELECT 'all'
            UNION ALL
            SELECT name FROM course_categories filed JOIN categories ON categories.id = category_id
            WHERE filed.course_id = scored.course_id
        ) filed_under (category)
        WHERE score > 0
    ) ranked
    WHERE place_of_origin <= 100;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$function$;

REVOKE EXECUTE ON FUNCTION compute_trending(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compute_trending(text, date) TO doramaflix_owner;

COMMENT ON FUNCTION compute_trending(text, date) IS
    'Ranks the courses of a period that ends with a day, over all and in each category; returns the number of rows.';
