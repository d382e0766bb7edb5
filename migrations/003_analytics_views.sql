-- migrate:description Daily figures of courses and users, trending and similar courses, and searches
-- migrate:up

CREATE TABLE content_analytics (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    date date NOT NULL,
    total_views integer NOT NULL DEFAULT 0 CHECK (total_views >= 0),
    unique_viewers integer NOT NULL DEFAULT 0 CHECK (unique_viewers BETWEEN 0 AND total_views),
    watch_time_minutes integer NOT NULL DEFAULT 0 CHECK (watch_time_minutes >= 0),
    completion_rate numeric(5, 4) CHECK (completion_rate BETWEEN 0 AND 1),
    average_rating numeric(3, 2) CHECK (average_rating BETWEEN 0 AND 5),
    new_subscribers integer NOT NULL DEFAULT 0 CHECK (new_subscribers >= 0),
    -- Begins with the day, because the index below begins with the course.
    PRIMARY KEY (date, course_id)
) PARTITION BY RANGE (date);

COMMENT ON TABLE content_analytics IS 'What happened with a course on a day, in UTC; one partition a month.';
COMMENT ON COLUMN content_analytics.completion_rate IS 'Share of the views that reached the end; null without one.';
COMMENT ON COLUMN content_analytics.average_rating IS 'Average of the reviews of that day; null without one.';
COMMENT ON COLUMN content_analytics.new_subscribers IS 'Users whose first viewing of the course was on that day.';

CREATE INDEX idx_content_analytics_course_date ON content_analytics (course_id, date DESC);

CREATE TABLE content_analytics_2025_01 PARTITION OF content_analytics
    FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');

CREATE TABLE user_engagement (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    date date NOT NULL,
    sessions_count integer NOT NULL DEFAULT 0 CHECK (sessions_count >= 0),
    total_watch_time integer NOT NULL DEFAULT 0 CHECK (total_watch_time >= 0),
    episodes_watched integer NOT NULL DEFAULT 0 CHECK (episodes_watched >= 0),
    episodes_completed integer NOT NULL DEFAULT 0 CHECK (episodes_completed >= 0),
    searches_count integer NOT NULL DEFAULT 0 CHECK (searches_count >= 0),
    favorites_added integer NOT NULL DEFAULT 0 CHECK (favorites_added >= 0),
    reviews_written integer NOT NULL DEFAULT 0 CHECK (reviews_written >= 0),
    PRIMARY KEY (user_id, date)
);

COMMENT ON TABLE user_engagement IS 'What a user did on a day, in UTC.';
COMMENT ON COLUMN user_engagement.total_watch_time IS 'Seconds.';

CREATE INDEX idx_user_engagement_date ON user_engagement (date);

CREATE TABLE trending_content (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    trending_score numeric(10, 4) NOT NULL CHECK (trending_score >= 0),
    period varchar(20) NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly')),
    period_start date NOT NULL,
    period_end date NOT NULL,
    rank integer NOT NULL CHECK (rank >= 1),
    category varchar(100) NOT NULL DEFAULT 'all',
    PRIMARY KEY (period, period_start, category, course_id),
    CHECK (period_end >= period_start)
);

COMMENT ON TABLE trending_content IS 'The ranking of the courses of a day, a week or a month.';
COMMENT ON COLUMN trending_content.period_end IS 'The last day of the period, not the day after it.';
COMMENT ON COLUMN trending_content.rank IS 'From 1, within period, period_start and category.';
COMMENT ON COLUMN trending_content.category IS 'The name of the category that is ranked by itself, or "all".';

CREATE INDEX idx_trending_period_rank ON trending_content (period, period_start DESC, rank);
CREATE INDEX idx_trending_content_course ON trending_content (course_id);

CREATE TABLE similar_courses (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    place integer NOT NULL CHECK (place BETWEEN 1 AND 50),
    similar_course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    similarity real NOT NULL CHECK (similarity > 0 AND similarity <= 1),
    PRIMARY KEY (course_id, place),
    -- Begins with the other course, for the foreign key.
    UNIQUE (similar_course_id, course_id),
    CHECK (similar_course_id <> course_id)
);

COMMENT ON TABLE similar_courses IS
    'For each course those that its viewers watched most; kept by compute_similar_courses().';
COMMENT ON COLUMN similar_courses.place IS '1 for the most similar course.';
COMMENT ON COLUMN similar_courses.similarity IS 'The share of viewers that the two have in common.';

CREATE TABLE search_queries (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid REFERENCES users ON DELETE SET NULL,
    query varchar(500) NOT NULL,
    filters jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(filters) = 'object'),
    results integer NOT NULL DEFAULT 0 CHECK (results >= 0),
    clicked boolean NOT NULL DEFAULT false,
    clicked_id uuid REFERENCES courses ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (clicked OR clicked_id IS NULL)
);

COMMENT ON TABLE search_queries IS 'What was searched for; a search stays when its account goes.';
COMMENT ON COLUMN search_queries.user_id IS 'Null for a visitor, and for an account that was deleted.';
COMMENT ON COLUMN search_queries.filters IS 'What the search was narrowed to, for example {"origin": "korean"}.';
COMMENT ON COLUMN search_queries.results IS 'How many courses were found.';
COMMENT ON COLUMN search_queries.clicked_id IS 'The course that was opened from the results.';

CREATE INDEX idx_search_queries_user ON search_queries (user_id, created_at DESC) WHERE user_id IS NOT NULL;
CREATE INDEX idx_search_queries_clicked ON search_queries (clicked_id) WHERE clicked_id IS NOT NULL;
CREATE INDEX idx_search_queries_created ON search_queries (created_at);

ALTER TABLE user_engagement ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_queries ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON user_engagement TO doramaflix_app USING (user_id = (SELECT current_app_user()));
CREATE POLICY own_rows ON search_queries TO doramaflix_app USING (user_id = (SELECT current_app_user()));
-- A visitor who is not logged in can leave a search, but not read one.
CREATE POLICY visitors ON search_queries FOR INSERT TO doramaflix_app
    WITH CHECK (user_id IS NULL AND (SELECT current_app_user()) IS NULL);

GRANT SELECT ON content_analytics, trending_content, similar_courses TO doramaflix_app, doramaflix_readonly;
GRANT SELECT ON user_engagement TO doramaflix_app;
GRANT SELECT, INSERT, DELETE ON search_queries TO doramaflix_app;
GRANT UPDATE (clicked, clicked_id) ON search_queries TO doramaflix_app;

ALTER TABLE content_analytics OWNER TO doramaflix_owner;
ALTER TABLE content_analytics_2025_01 OWNER TO doramaflix_owner;
ALTER TABLE user_engagement OWNER TO doramaflix_owner;
ALTER TABLE trending_content OWNER TO doramaflix_owner;
ALTER TABLE similar_courses OWNER TO doramaflix_owner;
ALTER TABLE search_queries OWNER TO doramaflix_owner;

-- migrate:down

DROP TABLE search_queries, similar_courses, trending_content, user_engagement, content_analytics;
