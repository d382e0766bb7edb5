-- Computes similar_courses and refreshes every materialized view of which something has changed, in one transaction.
--
-- Each in the way that costs least and lets everybody read, as refresh_materialized_views() chooses it; mode can be
-- plain, concurrently or swap to force one. Returns what was done with each view: with a null mode nothing, and why. A
-- view that fails does not stop the others, its error stands in the result. Writes no content_analytics, user_engagement
-- or trending_content: compute_daily_analytics() and compute_trending() do.
CREATE OR REPLACE FUNCTION refresh_all_analytics_views(mode text DEFAULT 'auto')
RETURNS TABLE (view text, mode_used text, reason text, row_count bigint, duration interval, error text)
LANGUAGE plpgsql
VOLATILE
PARALLEL UNSAFE
SET search_path = pg_catalog, public, pg_temp
AS $function$
BEGIN
    PERFORM compute_similar_courses();
    RETURN QUERY
        SELECT r.view_name::text, r.mode, r.reason, r.row_count, r.duration, r.error
        FROM refresh_materialized_views(mode => refresh_all_analytics_views.mode) r;
END
$function$;

REVOKE EXECUTE ON FUNCTION refresh_all_analytics_views(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_all_analytics_views(text) TO doramaflix_owner;

COMMENT ON FUNCTION refresh_all_analytics_views(text) IS
    'Computes similar_courses and refreshes every materialized view of which something has changed, in one transaction.';
