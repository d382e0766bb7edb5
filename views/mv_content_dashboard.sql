-- How each published course did in the last 30 days, today so far included, from content_analytics.
CREATE MATERIALIZED VIEW mv_content_dashboard AS
SELECT
    courses.id AS course_id, courses.title, courses.drama_origin, courses.rating,
    coalesce(recent.views, 0) AS views, coalesce(recent.viewers, 0) AS viewers,
    coalesce(recent.watch_time_minutes, 0) AS watch_time_minutes, recent.completion_rate,
    coalesce(recent.new_subscribers, 0) AS new_subscribers, coalesce(favorites.favorites_added, 0) AS favorites_added,
    round((
        10 * log(1 + coalesce(recent.views, 0)::double precision) * (
            0.5 * coalesce(recent.completion_rate, 0)
            + 0.3 * coalesce(courses.rating, 0) / 5
            + 0.2 * coalesce(least(1, favorites.favorites_added::numeric / nullif(recent.viewers, 0)), 0)
        )::double precision
    )::numeric, 2) AS engagement_score
FROM courses
LEFT JOIN (
    SELECT
        course_id, sum(total_views) AS views, sum(unique_viewers) AS viewers,
        sum(watch_time_minutes) AS watch_time_minutes,
        round(sum(completion_rate * total_views) / nullif(sum(total_views), 0), 4) AS completion_rate,
        sum(new_subscribers) AS new_subscribers
    FROM content_analytics
    WHERE date >= (now() AT TIME ZONE 'UTC')::date - 29 AND date <= (now() AT TIME ZONE 'UTC')::date
    GROUP BY course_id
) recent ON recent.course_id = courses.id
LEFT JOIN (
    SELECT course_id, count(*) AS favorites_added
    FROM user_favorites
    WHERE created_at >= ((now() AT TIME ZONE 'UTC')::date - 29)::timestamp AT TIME ZONE 'UTC'
    GROUP BY course_id
) favorites ON favorites.course_id = courses.id
WHERE courses.status = 'published';

CREATE UNIQUE INDEX mv_content_dashboard_course ON mv_content_dashboard (course_id);
CREATE INDEX mv_content_dashboard_score ON mv_content_dashboard (drama_origin, engagement_score DESC);

COMMENT ON MATERIALIZED VIEW mv_content_dashboard IS 'How each published course did in the last 30 days, in UTC.';
COMMENT ON COLUMN mv_content_dashboard.viewers IS
    'The sum of the viewers of each day: who came on two days counts twice.';
COMMENT ON COLUMN mv_content_dashboard.completion_rate IS 'Share of the views that reached the end; null without one.';
COMMENT ON COLUMN mv_content_dashboard.engagement_score IS
    '10 × log10(1 + views) × (0.5 × completion_rate + 0.3 × rating / 5 + 0.2 × favorites_added / viewers, at most 1).';

ALTER MATERIALIZED VIEW mv_content_dashboard OWNER TO doramaflix_owner;
GRANT SELECT ON mv_content_dashboard TO doramaflix_app, doramaflix_readonly;
