-- What a job computes every night, for the days of the data: figures of courses for all of them, of users for the last
-- 90, rankings of the last seven.

DO $block$
DECLARE
    month date;
BEGIN
    FOR month IN
        SELECT generate_series(date_trunc('month', first_day), as_of - 1, interval '1 month')
        FROM seed_run
    LOOP
        CALL pg_temp.fill_partition('content_analytics', month, interval '1 month');
    END LOOP;
END
$block$;

SELECT compute_content_analytics(first_day, as_of - 1) FROM seed_run;

SELECT compute_user_engagement(greatest(first_day, as_of - 90), as_of - 1) FROM seed_run;

SELECT compute_trending(NULL, as_of - day) FROM seed_run, generate_series(1, 7) day;

ANALYZE content_analytics, user_engagement, trending_content;
