-- Finds the published courses whose titles or description hold all that was typed, the best first.
--
-- The courses are found through idx_courses_search_vector, and at most 500 of them are ranked. A common word finds tens
-- of thousands, which cost as much to collect as to read the table; so the 1,000 most popular courses are looked at
-- first, and where 50 of them match, the best of these are the answer. A search for a common word may therefore leave
-- out unpopular courses, never popular ones.
--
-- PostgreSQL can merge it into the calling query, for its names are bound when it is created and nothing is set.
CREATE OR REPLACE FUNCTION search_courses(query text, origin drama_origin DEFAULT NULL, max_rows integer DEFAULT 20)
RETURNS TABLE (
    course_id uuid, title varchar, original_title varchar, drama_origin drama_origin, rating numeric,
    popularity integer, relevance real
)
LANGUAGE sql
STABLE
PARALLEL SAFE
ROWS 20
BEGIN ATOMIC
    WITH typed AS MATERIALIZED (
        SELECT search_query(search_courses.query) AS terms
    ), popular AS MATERIALIZED (
        SELECT first.id, first.popularity, ts_rank(first.search_vector, typed.terms) AS relevance
        FROM typed
        CROSS JOIN (SELECT * FROM courses ORDER BY popularity DESC, created_at DESC LIMIT 1000) first
        WHERE first.search_vector @@ typed.terms AND first.status = 'published'
            AND (search_courses.origin IS NULL OR first.drama_origin = search_courses.origin)
    ), best AS (
        SELECT id, relevance
        FROM (
            SELECT id, popularity, relevance FROM popular
            UNION
            SELECT found.*
            FROM typed
            CROSS JOIN LATERAL (
                SELECT id, popularity, ts_rank(search_vector, typed.terms)
                FROM courses
                WHERE search_vector @@ typed.terms AND status = 'published'
                    AND (search_courses.origin IS NULL OR courses.drama_origin = search_courses.origin)
                LIMIT 500
            ) found
            WHERE (SELECT count(*) FROM popular) < 50
        ) candidates
        ORDER BY relevance DESC, popularity DESC, id
        LIMIT search_courses.max_rows
    )
    SELECT
        courses.id, courses.title, courses.original_title, courses.drama_origin, courses.rating, courses.popularity,
        best.relevance
    FROM best
    JOIN courses USING (id)
    ORDER BY best.relevance DESC, courses.popularity DESC, courses.id;
END;

COMMENT ON FUNCTION search_courses(text, drama_origin, integer) IS
    'Finds the published courses whose titles or description hold all that was typed, the best first.';
