-- Computes content_analytics and user_engagement for a range of days in UTC, by default yesterday and today.
CREATE OR REPLACE FUNCTION compute_daily_analytics(
    first_day date DEFAULT (now() AT TIME ZONE 'UTC')::date - 1, last_day date DEFAULT (now() AT TIME ZONE 'UTC')::date
)
RETURNS TABLE (content_rows bigint, user_rows bigint)
LANGUAGE sql
VOLATILE
PARALLEL UNSAFE
ROWS 1
BEGIN ATOMIC
    SELECT compute_content_analytics(first_day, last_day), compute_user_engagement(first_day, last_day);
END;

REVOKE EXECUTE ON FUNCTION compute_daily_analytics(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compute_daily_analytics(date, date) TO doramaflix_owner;

COMMENT ON FUNCTION compute_daily_analytics(date, date) IS
    'Computes content_analytics and user_engagement for a range of days in UTC, by default yesterday and today.';
