-- Who watches what, and when. A journey is one user with one course: some episodes one after the other, in sittings of
-- one to four, until the user gives up or the course ends.

CREATE TEMPORARY TABLE seed_journeys ON COMMIT DROP AS
WITH total AS (
    SELECT greatest(sum(weight::bigint * greatest(0, end_of_watching - first_day_watching)), 1)::double precision AS weight
    FROM seed_users
),
-- More than are needed, because nobody knows yet how long each one is.
candidate AS (
    SELECT
        person.no AS user_no,
        person.taste,
        person.first_day_watching,
        person.end_of_watching,
        -- A user has fewer than 1,024 of them.
        person.no::bigint * 1024 + journey AS no
    FROM seed_run run
    CROSS JOIN total
    CROSS JOIN seed_users person
    CROSS JOIN LATERAL generate_series(1, least(1023, floor(
        run.views * (0.18 + 2.0 / run.days)::double precision * person.weight * (person.end_of_watching - person.first_day_watching) / total.weight
        + pg_temp.roll('journeys', person.no)
    )::integer)) journey
    WHERE person.end_of_watching > person.first_day_watching
),
-- A user takes a popular course; one from another country than the favourite one is often put back, twice at most.
taken AS (
    SELECT
        candidate.*,
        CASE
            WHEN first.origin = taste OR pg_temp.roll('put back', candidate.no) < 0.35 THEN first.no
            WHEN second.origin = taste OR pg_temp.roll('put back again', candidate.no) < 0.35 THEN second.no
            ELSE third.no
        END AS course_no
    FROM candidate
    CROSS JOIN seed_run run
    JOIN seed_courses first ON first.no = pg_temp.popular_rank(pg_temp.roll('first course', candidate.no), run.courses)
    JOIN seed_courses second ON second.no = pg_temp.popular_rank(pg_temp.roll('second course', candidate.no), run.courses)
    JOIN seed_courses third ON third.no = pg_temp.popular_rank(pg_temp.roll('third course', candidate.no), run.courses)
),
-- Who has watched it already goes where chance leads, which is now and then the same course again.
fresh AS (
    SELECT
        taken.*,
        CASE
            WHEN row_number() OVER (PARTITION BY user_no, course_no ORDER BY no) = 1 THEN course_no
            ELSE 1 + floor(pg_temp.roll('another course', no) * run.courses)::integer
        END AS chosen_no
    FROM taken, seed_run run
),
placed AS (
    SELECT
        fresh.no,
        user_no,
        course.no AS course_no,
        course.episodes,
        -- How many episodes the user would watch in the end.
        least(
            course.episodes, 1 + floor(ln(1 - pg_temp.roll('stays', fresh.no)) / ln(course.stays))::integer
        ) AS wanted,
        (ARRAY[1, 1, 1, 2, 2, 2, 3, 4])[1 + floor(pg_temp.roll('sitting', fresh.no) * 8)::integer] AS per_sitting,
        (ARRAY[1, 1, 1, 2, 2, 3, 9])[1 + floor(pg_temp.roll('gap', fresh.no) * 7)::integer] AS gap,
        -- A new course is watched most when it is new.
        from_slot + floor(
            (to_slot - from_slot) * pg_temp.roll('begin', fresh.no) ^ CASE WHEN is_new THEN 3 ELSE 1 END
        )::integer AS slot,
        pg_temp.slot_of_day(run.as_of) AS last_slot
    FROM fresh
    CROSS JOIN seed_run run
    JOIN seed_courses course ON course.no = fresh.chosen_no AND course.status <> 'draft'
    CROSS JOIN LATERAL (
        SELECT
            pg_temp.slot_of_day(greatest(first_day_watching, course.released_on + 1)) AS from_slot,
            pg_temp.slot_of_day(end_of_watching) AS to_slot,
            course.released_on >= run.first_day AS is_new
    ) span
    WHERE to_slot > from_slot
),
cut AS (
    SELECT
        placed.*,
        -- As many sittings as there is time for.
        least(wanted, per_sitting * (1 + (last_slot - 1 - slot) / gap)) AS watched
    FROM placed
),
counted AS (
    SELECT
        cut.*,
        -- Chance decides which journeys happen. 35 of 100 sittings break off in their last episode, which makes one
        -- viewing more, unless the user gives up there.
        sum(
            100 * watched + 35 * ((watched + per_sitting - 1) / per_sitting)
            - CASE WHEN watched = wanted AND wanted < episodes THEN 35 ELSE 0 END
        ) OVER (ORDER BY pg_temp.seed_hash('happens', no), no) AS hundredths
    FROM cut
)
SELECT no, user_no, course_no, episodes, wanted, watched, per_sitting, gap, slot
FROM counted, seed_run run
WHERE hundredths <= run.views * 100;

ANALYZE seed_journeys;

-- Numbered in the order of time, as the identity column numbers them.
CREATE TEMPORARY TABLE seed_viewings ON COMMIT DROP AS
WITH episode AS (
    SELECT
        journey.user_no,
        journey.course_no,
        episode.no AS episode_no,
        episode.seconds,
        -- The last one before the user gives up is left in the middle; of the others, nearly all are watched to the end.
        step.number = journey.wanted AND journey.wanted < journey.episodes AS given_up,
        pg_temp.roll('part', item) AS part,
        (step.number % journey.per_sitting = 0 OR step.number = journey.watched)
            AND pg_temp.roll('breaks off', item) < 0.35 AS breaks_off,
        pg_temp.roll('pause', item) AS pause,
        -- In one sitting an episode begins a minute after the end of the longest one before it.
        pg_temp.day_of_slot(step.slot) + make_interval(secs =>
            pg_temp.second_of_slot(step.slot, pg_temp.roll('time', item - (step.number - 1) % journey.per_sitting))
            + (step.number - 1) % journey.per_sitting * (course.seconds + 480)
        ) AS began_at
    FROM seed_journeys journey
    JOIN seed_courses course ON course.no = journey.course_no
    CROSS JOIN LATERAL (
        SELECT
            number,
            journey.no * 64 + number AS item,
            journey.slot + (number - 1) / journey.per_sitting * journey.gap AS slot
        FROM generate_series(1, journey.watched) number
    ) step
    JOIN seed_episodes episode ON episode.no = course.episodes_before + step.number
),
viewing AS (
    SELECT
        user_no,
        course_no,
        episode_no,
        began_at AS watched_at,
        watched.seconds,
        watched.seconds AS reached,
        NOT given_up AND NOT breaks_off AS completed
    FROM episode
    CROSS JOIN LATERAL (
        SELECT floor(seconds * CASE
            WHEN given_up OR breaks_off THEN 0.05 + 0.75 * part
            -- Without the closing titles.
            ELSE 0.92 + 0.08 * part
        END)::integer AS seconds
    ) watched
    UNION ALL
    -- The rest of it, after a pause of 20 to 60 minutes.
    SELECT
        user_no,
        course_no,
        episode_no,
        began_at + make_interval(secs => floor(seconds * (0.05 + 0.75 * part)) + 1200 + floor(2400 * pause)),
        seconds - floor(seconds * (0.05 + 0.75 * part))::integer,
        seconds,
        true
    FROM episode
    WHERE breaks_off AND NOT given_up
)
SELECT
    row_number() OVER (ORDER BY watched_at, user_no, episode_no, completed)::integer AS no,
    user_no,
    course_no,
    episode_no,
    watched_at::timestamptz AS watched_at,
    seconds,
    -- The platform takes an episode as finished at its closing titles, and puts the user at the end.
    reached,
    completed
FROM viewing, seed_run run
WHERE watched_at < run.as_of;

-- The rows lie in the order of time, so that this small index finds those of a month.
CREATE INDEX ON seed_viewings USING brin (watched_at);
ANALYZE seed_viewings;
