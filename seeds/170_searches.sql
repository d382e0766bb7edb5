-- Searches: for popular courses by their titles, by parts of them, by genres, and with mistakes that find nothing.

INSERT INTO search_queries (id, user_id, query, filters, results, clicked, clicked_id, created_at)
SELECT
    pg_temp.seed_uuid('search', search.no),
    -- Every seventh is from a visitor.
    CASE WHEN pg_temp.roll('visitor', search.no) >= 0.14 THEN person.id END,
    typed.query,
    CASE WHEN pg_temp.roll('filter', search.no) < 0.2 THEN jsonb_build_object('origin', course.origin) ELSE '{}' END,
    found.results,
    found.clicked,
    CASE WHEN found.clicked THEN course.id END,
    person.first_day_watching
        + make_interval(days => floor(
            (run.as_of - person.first_day_watching) * pg_temp.roll('search day', search.no)
        )::integer)
        + make_interval(secs => pg_temp.second_of_slot(0, pg_temp.roll('search time', search.no)))
FROM seed_run run
CROSS JOIN generate_series(1, run.searches) search (no)
JOIN seed_users person
    ON person.no = 1 + floor(pg_temp.roll('searcher', search.no) * run.users)::integer
    AND person.first_day_watching < run.as_of
JOIN seed_courses course
    ON course.no = pg_temp.popular_rank(pg_temp.roll('sought', search.no), run.courses)
    AND course.status = 'published'
CROSS JOIN LATERAL (SELECT pg_temp.roll('way', search.no) AS way) chance
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN way < 0.35 THEN lower(course.title)
        WHEN way < 0.55 THEN lower(split_part(course.title, ' ', 1))
        WHEN way < 0.70 THEN coalesce(course.original_title, course.title)
        WHEN way < 0.90 THEN pg_temp.chosen('theme', course.no, ARRAY[
            'romance', 'k-drama', 'doramas', 'comédia', 'time travel', 'medical drama', 'filmes', 'bl', 'historical',
            'são paulo'
        ])
        -- One letter is left out.
        ELSE overlay(lower(course.title) PLACING '' FROM 3 FOR 1)
    END AS query
) typed
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN way < 0.35 THEN 1 + floor(3 * pg_temp.roll('results', search.no))
            WHEN way < 0.55 THEN 2 + floor(30 * pg_temp.roll('results', search.no))
            WHEN way < 0.70 THEN 1
            WHEN way < 0.90 THEN 5 + floor(60 * pg_temp.roll('results', search.no))
            ELSE 0
        END::integer AS results,
        way < 0.90 AND pg_temp.roll('click', search.no) < CASE WHEN way < 0.70 THEN 0.65 ELSE 0.3 END AS clicked
) found
ORDER BY search.no;
