-- Each published course with what users think of it. Favourites and reviews are counted before they are joined: joined
-- first, each favourite would be counted once for each review.
CREATE MATERIALIZED VIEW mv_popular_content AS
SELECT
    courses.id, courses.title, courses.drama_origin, courses.rating, courses.popularity,
    coalesce(favorites.favorites_count, 0) AS favorites_count,
    coalesce(reviews.reviews_count, 0) AS reviews_count, reviews.user_rating
FROM courses
LEFT JOIN (
    SELECT course_id, count(*) AS favorites_count FROM user_favorites GROUP BY course_id
) favorites ON favorites.course_id = courses.id
LEFT JOIN (
    SELECT course_id, count(*) AS reviews_count, round(avg(rating), 2) AS user_rating
    FROM user_reviews
    WHERE is_approved
    GROUP BY course_id
) reviews ON reviews.course_id = courses.id
WHERE courses.status = 'published';

CREATE UNIQUE INDEX mv_popular_content_id ON mv_popular_content (id);
CREATE INDEX mv_popular_content_origin ON mv_popular_content (drama_origin, popularity DESC);

COMMENT ON MATERIALIZED VIEW mv_popular_content IS 'The published courses with their favourites and approved reviews.';
COMMENT ON COLUMN mv_popular_content.popularity IS 'What to order by; a materialized view has no order of its own.';
COMMENT ON COLUMN mv_popular_content.user_rating IS 'Average of the approved reviews, 0 to 5; null before the first.';

ALTER MATERIALIZED VIEW mv_popular_content OWNER TO doramaflix_owner;
GRANT SELECT ON mv_popular_content TO doramaflix_app, doramaflix_readonly;
