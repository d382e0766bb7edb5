-- What was searched for in the last 30 days, by the text as the search compares it. A text is shown when at least 3
-- users typed it, each visitor without an account counting as one: what one person types can say who it was.
CREATE MATERIALIZED VIEW mv_search_analytics AS
WITH normalised AS MATERIALIZED (
    -- Each text once: to take off its accents costs more than to count it.
    SELECT typed, btrim(regexp_replace(search_text(typed), ' +', ' ', 'g')) AS query
    FROM (
        SELECT DISTINCT query AS typed FROM search_queries WHERE created_at > now() - interval '30 days'
    ) texts
)
SELECT
    query, search_count, users_count, click_rate, average_results, last_searched_at,
    CASE
        WHEN average_results = 0 THEN 'no_results'
        WHEN click_rate >= 0.5 THEN 'high_engagement'
        WHEN click_rate >= 0.2 THEN 'medium_engagement'
        ELSE 'low_engagement'
    END AS engagement_category
FROM (
    SELECT
        normalised.query, count(*) AS search_count,
        count(DISTINCT searches.user_id) + count(*) FILTER (WHERE searches.user_id IS NULL) AS users_count,
        round(avg(searches.clicked::integer), 4) AS click_rate, round(avg(searches.results), 1) AS average_results,
        max(searches.created_at) AS last_searched_at
    FROM search_queries searches
    JOIN normalised ON normalised.typed = searches.query
    WHERE searches.created_at > now() - interval '30 days' AND normalised.query <> ''
    GROUP BY normalised.query
) counted
WHERE users_count >= 3;

CREATE UNIQUE INDEX mv_search_analytics_query ON mv_search_analytics (query);
CREATE INDEX mv_search_analytics_category ON mv_search_analytics (engagement_category, search_count DESC);

COMMENT ON MATERIALIZED VIEW mv_search_analytics IS
    'What at least 3 users searched for in the last 30 days, without accents and in lower case.';
COMMENT ON COLUMN mv_search_analytics.users_count IS 'Accounts, and each search of a visitor without one.';
COMMENT ON COLUMN mv_search_analytics.click_rate IS 'Share of the searches after which a course was opened.';
COMMENT ON COLUMN mv_search_analytics.engagement_category IS
    'no_results if nothing was found; else by click_rate: high_engagement from 0.5, medium_engagement from 0.2.';

ALTER MATERIALIZED VIEW mv_search_analytics OWNER TO doramaflix_owner;
GRANT SELECT ON mv_search_analytics TO doramaflix_app, doramaflix_readonly;
