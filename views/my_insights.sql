-- The current user's row of mv_user_insights.
CREATE OR REPLACE VIEW my_insights WITH (security_barrier) AS
SELECT * FROM mv_user_insights WHERE user_id = (SELECT current_app_user());

COMMENT ON VIEW my_insights IS 'The current user''s row of mv_user_insights.';

ALTER VIEW my_insights OWNER TO doramaflix_owner;
GRANT SELECT ON my_insights TO doramaflix_app;
