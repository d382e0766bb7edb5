-- migrate:description How old the materialized views may be
-- migrate:up

INSERT INTO matview_policies (view_name, every) VALUES
    ('mv_popular_content', '15 minutes'),
    ('mv_user_recommendations', '1 hour'),
    ('mv_content_dashboard', '1 hour'),
    ('mv_search_analytics', '1 hour'),
    ('mv_user_insights', '1 hour');

SELECT set_refresh_privileges('doramaflix_owner', granted => true);

-- migrate:down

SELECT set_refresh_privileges('doramaflix_owner', granted => false);

DELETE FROM matview_policies WHERE (schema_name, view_name) IN (
    ('public', 'mv_popular_content'), ('public', 'mv_user_recommendations'), ('public', 'mv_content_dashboard'),
    ('public', 'mv_search_analytics'), ('public', 'mv_user_insights')
);
