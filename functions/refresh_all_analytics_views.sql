-- Computes similar_courses, refreshes every materialized view of the project, and returns the names in order.
--
-- Concurrently, so that nobody who reads has to wait; where most rows change, that costs several times a plain refresh.
-- With true it is plain, and whoever reads waits. A view that was never filled is always refreshed plainly. Writes no
-- content_analytics, user_engagement or trending_content: compute_daily_analytics() and compute_trending() do.
CREATE OR REPLACE FUNCTION refresh_all_analytics_views(plain boolean DEFAULT false)
RETURNS SETOF text
LANGUAGE plpgsql
VOLATILE
PARALLEL UNSAFE
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    view regclass;
BEGIN
    PERFORM compute_similar_courses();
    FOREACH view IN ARRAY ARRAY[
        'mv_popular_content', 'mv_content_dashboard', 'mv_search_analytics', 'mv_user_insights',
        'mv_user_recommendations'
    ]::regclass[] LOOP
        EXECUTE format(
            'REFRESH MATERIALIZED VIEW %s %s',
            CASE WHEN NOT plain AND (SELECT relispopulated FROM pg_class WHERE oid = view) THEN 'CONCURRENTLY' END,
            view
        );
        -- A plain refresh forgets how many rows there are, and nothing else counts them soon.
        EXECUTE format('ANALYZE %s', view);
        RETURN NEXT view::text;
    END LOOP;
END
$function$;

REVOKE EXECUTE ON FUNCTION refresh_all_analytics_views(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_all_analytics_views(boolean) TO doramaflix_owner;

COMMENT ON FUNCTION refresh_all_analytics_views(boolean) IS
    'Computes similar_courses, refreshes every materialized view of the project, and returns the names in order.';
