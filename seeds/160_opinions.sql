-- Lists, favourites and reviews.

INSERT INTO user_watch_status (
    user_id, course_id, status, score, notes, started_at, completed_at, created_at, updated_at
)
SELECT
    person.id,
    course.id,
    listed.status,
    CASE WHEN listed.status = 'completed' AND pg_temp.roll('score', item) < 0.5 THEN round(opinion * 2) END,
    CASE WHEN pg_temp.roll('note', item) < 0.03 THEN
        pg_temp.chosen('note text', item, ARRAY['Rever com a Ana.', 'Which song is this?', 'Ver el final otra vez.'])
    END,
    began_at,
    CASE WHEN listed.status = 'completed' THEN ended_at END,
    began_at,
    ended_at
FROM seed_watched
JOIN seed_users person ON person.no = user_no
JOIN seed_courses course ON course.no = course_no
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN finished THEN 'completed'
        WHEN NOT is_old THEN 'watching'
        WHEN pg_temp.roll('on hold', item) < 0.3 THEN 'on_hold'
        ELSE 'dropped'
    END::watch_status AS status
) listed
-- Not everyone keeps a list.
WHERE pg_temp.roll('list', user_no) < 0.6
ORDER BY user_no, course_no;

-- What a user means to watch.
INSERT INTO user_watch_status (user_id, course_id, status, created_at, updated_at)
SELECT person.id, course.id, 'not_started', put_at, put_at
FROM seed_users person
CROSS JOIN seed_run run
CROSS JOIN generate_series(1, floor(pg_temp.roll('wishes', person.no) * 4)::integer) place
JOIN seed_courses course
    ON course.no = pg_temp.popular_rank(pg_temp.roll('wish', person.no * 4 + place), run.courses)
    AND course.status = 'published'
CROSS JOIN LATERAL (
    SELECT person.joined_at + (run.as_of - person.joined_at) * pg_temp.roll('wish time', person.no * 4 + place) AS put_at
) put
WHERE pg_temp.roll('list', person.no) < 0.6 AND put_at >= course.released_at
ORDER BY person.no, place
ON CONFLICT DO NOTHING;

INSERT INTO user_favorites (user_id, course_id, created_at)
SELECT person.id, course.id, ended_at
FROM seed_watched
JOIN seed_users person ON person.no = user_no
JOIN seed_courses course ON course.no = course_no
WHERE pg_temp.roll('favourite', item) < CASE WHEN finished THEN 0.1 * (opinion - 1) ELSE 0.02 END
ORDER BY user_no, course_no;

INSERT INTO user_reviews (id, user_id, course_id, rating, review, is_approved, created_at, updated_at)
SELECT
    pg_temp.seed_uuid('review', item),
    person.id,
    course.id,
    rating,
    CASE
        WHEN pg_temp.roll('words', item) < 0.4 THEN NULL
        WHEN NOT is_approved THEN pg_temp.chosen('review text', item, ARRAY[
            'Buy cheap followers at http://spam.example.com', 'No final ele morre!!!', 'first'
        ])
        WHEN rating >= 4 THEN pg_temp.chosen('review text', item, ARRAY[
            'Maravilhoso do começo ao fim.', 'I cried in every episode. 10/10', 'La química entre los protagonistas…',
            '最高でした', '정말 좋았어요', 'Já quero a segunda temporada!'
        ])
        WHEN rating >= 2.5 THEN pg_temp.chosen('review text', item, ARRAY[
            'Bom, mas longo demais.', 'Good start, weak ending.', 'Entretenida.'
        ])
        ELSE pg_temp.chosen('review text', item, ARRAY['Parei no segundo episódio.', 'Not for me.', 'Aburrida.'])
    END,
    is_approved,
    written_at,
    written_at
FROM seed_reviews
JOIN seed_users person ON person.no = user_no
JOIN seed_courses course ON course.no = course_no
ORDER BY written_at, item;
