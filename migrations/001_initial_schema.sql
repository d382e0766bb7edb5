-- migrate:description Users, categories, courses, seasons, episodes, and what users do with them
-- migrate:up

CREATE TYPE content_status AS ENUM ('draft', 'published', 'archived');

-- Sets updated_at; triggers need it, so it lives here and not in functions/.
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$function$;

COMMENT ON FUNCTION set_updated_at() IS 'Sets updated_at to the time of the transaction.';

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(255) NOT NULL UNIQUE,
    password_hash varchar(255) NOT NULL,
    first_name varchar(100) NOT NULL,
    last_name varchar(100) NOT NULL,
    subscription_tier varchar(20) NOT NULL DEFAULT 'free',
    favorite_genres varchar(50)[] NOT NULL DEFAULT '{}',
    total_watch_time integer NOT NULL DEFAULT 0 CHECK (total_watch_time >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE users IS 'People with an account.';
COMMENT ON COLUMN users.password_hash IS 'Never a password: a hash with its salt and parameters.';
COMMENT ON COLUMN users.total_watch_time IS 'Seconds watched since the account exists.';

CREATE TABLE categories (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) NOT NULL UNIQUE,
    slug varchar(100) NOT NULL UNIQUE,
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE categories IS 'Genres and themes that courses are filed under.';
COMMENT ON COLUMN categories.slug IS 'The name as it stands in an address.';

CREATE TABLE courses (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title varchar(255) NOT NULL,
    description text,
    thumbnail_url text,
    status content_status NOT NULL DEFAULT 'draft',
    age_rating varchar(10),
    production_year integer CHECK (production_year BETWEEN 1900 AND 2100),
    total_episodes integer NOT NULL DEFAULT 0 CHECK (total_episodes >= 0),
    total_views bigint NOT NULL DEFAULT 0 CHECK (total_views >= 0),
    rating numeric(3, 2) CHECK (rating BETWEEN 0 AND 5),
    popularity integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE courses IS 'Series and films; the platform calls each of them a course.';
COMMENT ON COLUMN courses.rating IS 'Average of the approved reviews, 0 to 5; null before the first.';

CREATE INDEX idx_courses_popularity ON courses (popularity DESC, created_at DESC);
CREATE INDEX idx_courses_rating_views ON courses (rating DESC, total_views DESC);

CREATE TABLE course_categories (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    category_id uuid NOT NULL REFERENCES categories ON DELETE CASCADE,
    PRIMARY KEY (course_id, category_id)
);

COMMENT ON TABLE course_categories IS 'Which courses are filed under which categories.';

CREATE INDEX idx_course_categories_category ON course_categories (category_id);

CREATE TABLE seasons (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    season_number integer NOT NULL CHECK (season_number >= 0),
    title varchar(255),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (course_id, season_number),
    -- Lets an episode refer to a season of its own course only.
    UNIQUE (course_id, id)
);

COMMENT ON TABLE seasons IS 'Seasons of a course.';
COMMENT ON COLUMN seasons.season_number IS 'Counted from 1; 0 holds specials.';

CREATE TABLE episodes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    season_id uuid,
    title varchar(255) NOT NULL,
    episode_number integer NOT NULL CHECK (episode_number >= 0),
    video_duration integer NOT NULL CHECK (video_duration >= 0),
    rating numeric(3, 2) CHECK (rating BETWEEN 0 AND 5),
    air_date date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (course_id, season_id) REFERENCES seasons (course_id, id) ON DELETE CASCADE,
    -- A course without seasons has each number once, too.
    UNIQUE NULLS NOT DISTINCT (course_id, season_id, episode_number)
);

COMMENT ON TABLE episodes IS 'Episodes of a course; season_id is null where it has no seasons.';
COMMENT ON COLUMN episodes.video_duration IS 'Seconds.';

CREATE INDEX idx_episodes_course_season ON episodes (course_id, season_id, episode_number);

CREATE TABLE user_favorites (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, course_id)
);

COMMENT ON TABLE user_favorites IS 'Courses that a user has marked.';

CREATE INDEX idx_user_favorites_course ON user_favorites (course_id);

CREATE TABLE user_reviews (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    rating numeric(2, 1) NOT NULL CHECK (rating BETWEEN 0 AND 5),
    review text,
    is_approved boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, course_id)
);

COMMENT ON TABLE user_reviews IS 'One review of a user for a course.';
COMMENT ON COLUMN user_reviews.is_approved IS 'Only approved reviews are shown and counted.';

CREATE INDEX idx_user_reviews_course ON user_reviews (course_id) WHERE is_approved;

-- The key must hold the partition column, which changes with each viewing: a user can have a row for one episode in
-- two years, and the newest one counts.
CREATE TABLE user_progress (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    episode_id uuid NOT NULL REFERENCES episodes ON DELETE CASCADE,
    progress_seconds integer NOT NULL DEFAULT 0 CHECK (progress_seconds >= 0),
    completed boolean NOT NULL DEFAULT false,
    last_watched_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, episode_id, last_watched_at)
) PARTITION BY RANGE (last_watched_at);

COMMENT ON TABLE user_progress IS 'How far a user has watched an episode; one partition a year.';

CREATE INDEX idx_user_progress_active ON user_progress (user_id, last_watched_at DESC) WHERE completed = FALSE;
CREATE INDEX idx_user_progress_episode ON user_progress (episode_id);

-- The runner sets TimeZone to UTC, so these bounds are midnights in UTC.
CREATE TABLE user_progress_2025 PARTITION OF user_progress
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE TABLE watch_history (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    episode_id uuid NOT NULL REFERENCES episodes ON DELETE CASCADE,
    watched_at timestamptz NOT NULL DEFAULT now(),
    watch_duration integer NOT NULL DEFAULT 0 CHECK (watch_duration >= 0),
    device_info jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(device_info) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, watched_at)
) PARTITION BY RANGE (watched_at);

COMMENT ON TABLE watch_history IS 'Every viewing; rows are only added; one partition a month.';
COMMENT ON COLUMN watch_history.watch_duration IS 'Seconds watched in this viewing.';

CREATE INDEX idx_watch_history_user_recent ON watch_history (user_id, watched_at DESC);
CREATE INDEX idx_watch_history_episode ON watch_history (episode_id);

CREATE TABLE watch_history_2025_01 PARTITION OF watch_history
    FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');

CREATE TRIGGER set_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON categories FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON courses FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON seasons FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON episodes FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON user_reviews FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON user_progress FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE watch_history, user_progress, user_reviews, user_favorites, episodes, seasons, course_categories, courses,
    categories, users;
DROP FUNCTION set_updated_at();
DROP TYPE content_status;
