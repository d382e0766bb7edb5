-- Returns how similar two courses are, from 0 to 1; null where one does not exist.
--
-- The sum of what they have in common, each as the shared part of all that either has: 0.20 for categories, 0.15 for
-- tags, 0.15 for cast and crew, 0.15 for the origin; and 0.35 for the viewers that they share, as similar_courses has
-- it (0 where neither course is among those of the other).
CREATE OR REPLACE FUNCTION calculate_content_similarity(a uuid, b uuid)
RETURNS numeric
LANGUAGE sql
STABLE
PARALLEL SAFE
BEGIN ATOMIC
    WITH features AS (
        SELECT 'category' AS kind, 0.20 AS weight, category_id::text AS feature, course_id
        FROM course_categories
        WHERE course_id IN (a, b)
        UNION ALL
        SELECT 'tag', 0.15, tag_id::text, course_id FROM course_tags WHERE course_id IN (a, b)
        UNION ALL
        SELECT 'person', 0.15, person_id::text, course_id FROM cast_members WHERE course_id IN (a, b)
        UNION ALL
        SELECT 'person', 0.15, person_id::text, course_id FROM crew_members WHERE course_id IN (a, b)
        UNION ALL
        SELECT 'origin', 0.15, drama_origin::text, id FROM courses WHERE id IN (a, b) AND drama_origin IS NOT NULL
    ), compared AS (
        SELECT kind, weight, count(DISTINCT course_id) = 2 AS shared
        FROM features
        GROUP BY kind, weight, feature
    ), content AS (
        SELECT weight * avg(shared::integer) AS similarity
        FROM compared
        GROUP BY kind, weight
    ), audience AS (
        SELECT 0.35 * max(similarity::numeric) AS similarity
        FROM similar_courses
        WHERE (course_id, similar_course_id) IN ((a, b), (b, a))
    )
    SELECT CASE
        WHEN a = b THEN 1.0000
        ELSE round(
            (SELECT coalesce(sum(similarity), 0) FROM content) + (SELECT coalesce(similarity, 0) FROM audience), 4
        )
    END
    WHERE EXISTS (SELECT FROM courses WHERE id = a) AND EXISTS (SELECT FROM courses WHERE id = b);
END;

COMMENT ON FUNCTION calculate_content_similarity(uuid, uuid) IS
    'Returns how similar two courses are, from 0 to 1; null where one does not exist.';
