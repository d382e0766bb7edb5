-- The users: more join each month than in the month before, few watch a lot, and some stop.

CREATE TEMPORARY TABLE seed_users ON COMMIT DROP AS
WITH person AS (
    SELECT
        no,
        run.first_day,
        run.as_of,
        -- The platform is two years older than the data, and grows evenly: the square of the time.
        (run.first_day - 730) + make_interval(secs => floor(
            sqrt(pg_temp.roll('joined', no)) * 86400 * (run.days + 730)
        )) AS joined_at,
        pg_temp.roll('activity', no) AS activity,
        pg_temp.roll('leaving', no) AS leaving,
        pg_temp.roll('taste', no) AS taste
    FROM seed_run run, generate_series(1, run.users) no
),
present AS (
    SELECT
        person.*,
        -- They watch from the day after they joined, so that no viewing is older than its user.
        greatest(first_day, joined_at::date + 1) AS first_day_watching
    FROM person
)
SELECT
    no,
    pg_temp.seed_uuid('user', no) AS id,
    joined_at,
    first_day_watching,
    -- Three in ten leave, at a time that is as likely as any other.
    CASE
        WHEN leaving < 0.3 THEN first_day_watching + floor((as_of - first_day_watching) * leaving / 0.3)::integer
        ELSE as_of
    END AS end_of_watching,
    -- Every eighth never watches; of the others, one in a hundred watches ten times as much as the least.
    CASE WHEN activity < 0.125 THEN 0 ELSE floor(100 / sqrt(1.0011 - (activity - 0.125) / 0.875))::integer END AS weight,
    CASE
        WHEN taste < 0.55 THEN 'korean'
        WHEN taste < 0.72 THEN 'japanese'
        WHEN taste < 0.87 THEN 'chinese'
        WHEN taste < 0.95 THEN 'thai'
        ELSE 'taiwanese'
    END::drama_origin AS taste,
    CASE
        WHEN pg_temp.roll('language', no) < 0.62 THEN 'portuguese'
        WHEN pg_temp.roll('language', no) < 0.80 THEN 'english'
        WHEN pg_temp.roll('language', no) < 0.92 THEN 'spanish'
        WHEN pg_temp.roll('language', no) < 0.95 THEN 'french'
        WHEN pg_temp.roll('language', no) < 0.97 THEN 'italian'
    END::subtitle_language AS language,
    1 + floor(6 * pg_temp.roll('device', no) ^ 1.5)::integer AS device
FROM present;

CREATE UNIQUE INDEX ON seed_users (no);
ANALYZE seed_users;
