-- At most 50 courses for each user who watched something in the last 90 days: those that similar_courses names for the
-- last 5 courses she watched, without those she has watched. Personal: the application reads it through
-- my_recommendations, for materialized views know no row-level security.
--
-- The 50 are shared out among her courses (10 similar ones for each of 5, 50 for a single one), so no user brings more
-- than 50 rows into the calculation, and its cost grows with the viewings of these days and the rows of user_progress,
-- not with users times courses. What she has watched comes in as rows without a score, added up with the others:
-- a comparison with a list of them for each candidate took twice as long.
CREATE MATERIALIZED VIEW mv_user_recommendations AS
SELECT viewer.user_id, recommended.course_id, recommended.recommendation_score
FROM (
    SELECT user_id, array_agg(course_id ORDER BY place) AS course_ids, count(*)::integer AS courses
    FROM (
        SELECT
            history.user_id, episodes.course_id,
            row_number() OVER (
                PARTITION BY history.user_id ORDER BY max(history.watched_at) DESC, episodes.course_id
            ) AS place
        FROM watch_history history
        JOIN episodes ON episodes.id = history.episode_id
        WHERE history.watched_at > now() - interval '90 days' AND history.watched_at <= now()
        GROUP BY history.user_id, episodes.course_id
    ) recent
    WHERE place <= 5
    GROUP BY user_id
) viewer
LEFT JOIN (
    SELECT user_progress.user_id, array_agg(episodes.course_id) AS course_ids
    FROM user_progress
    JOIN episodes ON episodes.id = user_progress.episode_id
    GROUP BY user_progress.user_id
) watched USING (user_id)
CROSS JOIN LATERAL (
    SELECT course_id, sum(score) AS recommendation_score
    FROM (
        SELECT similar_courses.similar_course_id AS course_id, similar_courses.similarity * recent.weight AS score
        FROM unnest(viewer.course_ids, '{1,0.8,0.6,0.4,0.2}'::real[]) recent (course_id, weight)
        JOIN similar_courses ON similar_courses.course_id = recent.course_id
            AND similar_courses.place <= 50 / viewer.courses
        UNION ALL
        SELECT unnest(viewer.course_ids || watched.course_ids), NULL
    ) candidates
    GROUP BY course_id
    HAVING count(*) = count(score)
) recommended;

CREATE UNIQUE INDEX mv_user_recommendations_user_course ON mv_user_recommendations (user_id, course_id);

COMMENT ON MATERIALIZED VIEW mv_user_recommendations IS
    'At most 50 courses for each user who watched something in the last 90 days, similar to those watched last.';
COMMENT ON COLUMN mv_user_recommendations.recommendation_score IS
    'Sum of the similarities to the last 5 courses of the user: the last counts 1, those before 0.8, 0.6, 0.4, 0.2.';

ALTER MATERIALIZED VIEW mv_user_recommendations OWNER TO doramaflix_owner;
