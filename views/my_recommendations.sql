-- The current user's rows of mv_user_recommendations, without courses that have been withdrawn since its refresh.
CREATE OR REPLACE VIEW my_recommendations WITH (security_barrier) AS
SELECT recommended.*
FROM mv_user_recommendations recommended
JOIN courses ON courses.id = recommended.course_id AND courses.status = 'published'
WHERE recommended.user_id = (SELECT current_app_user());

COMMENT ON VIEW my_recommendations IS
    'The current user''s rows of mv_user_recommendations, without courses that have been withdrawn since its refresh.';

ALTER VIEW my_recommendations OWNER TO doramaflix_owner;
GRANT SELECT ON my_recommendations TO doramaflix_app;
