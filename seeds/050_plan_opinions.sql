-- How far users have come, and what they think of it.

-- One row for each user and episode: where the last viewing ended, and whether any reached the end.
CREATE TEMPORARY TABLE seed_progress ON COMMIT DROP AS
SELECT
    user_no,
    course_no,
    episode_no,
    min(watched_at) AS first_watched_at,
    max(watched_at) AS last_watched_at,
    bool_or(completed) AS completed,
    -- That of the greatest number, with fewer than 1,000,000 seconds; sorting all viewings would take three times as long.
    (max(no::bigint * 1000000 + reached) % 1000000)::integer AS reached
FROM seed_viewings
GROUP BY user_no, course_no, episode_no;

ANALYZE seed_progress;

-- One row for each user and course.
CREATE TEMPORARY TABLE seed_watched ON COMMIT DROP AS
WITH watched AS (
    SELECT
        user_no,
        course_no,
        min(first_watched_at) AS began_at,
        max(last_watched_at) AS ended_at,
        count(*) FILTER (WHERE completed) AS completed
    FROM seed_progress
    GROUP BY user_no, course_no
)
SELECT
    watched.user_no,
    watched.course_no,
    began_at,
    ended_at,
    watched.completed = course.episodes AS finished,
    ended_at < run.as_of - 30 AS is_old,
    -- What the user thinks, 1 to 5: what the course is worth, with luck, and more for who stays to the end.
    least(5, greatest(1, course.quality + 0.3 * (watched.completed = course.episodes)::integer + 3 * (
        pg_temp.roll('opinion', item) + pg_temp.roll('mood', item) - 1
    ))) AS opinion,
    item
FROM watched
CROSS JOIN seed_run run
JOIN seed_courses course ON course.no = watched.course_no
CROSS JOIN LATERAL (SELECT watched.user_no::bigint * 4096 + watched.course_no AS item) numbered;

ANALYZE seed_watched;

CREATE TEMPORARY TABLE seed_reviews ON COMMIT DROP AS
SELECT
    user_no,
    course_no,
    item,
    -- In halves.
    round(opinion * 2) / 2 AS rating,
    pg_temp.roll('approved', item) < 0.88 AS is_approved,
    least(
        ended_at + make_interval(secs => floor(3600 + 259200 * pg_temp.roll('review time', item) ^ 2)),
        run.as_of - interval '1 second'
    ) AS written_at
FROM seed_watched, seed_run run
WHERE pg_temp.roll('review', item) < CASE WHEN finished THEN 0.12 ELSE 0.02 END;
