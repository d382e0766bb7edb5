-- migrate:description Languages, qualities, cast, preferences, search, roles and row-level security
-- migrate:up

-- An extension that is there already stays when this migration is rolled back; the comment marks those made here.
DO $block$
DECLARE
    extension text;
BEGIN
    FOREACH extension IN ARRAY ARRAY['uuid-ossp', 'pgcrypto', 'pg_trgm', 'unaccent', 'pg_stat_statements'] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = extension);
        BEGIN
            EXECUTE format('CREATE EXTENSION %I', extension);
            EXECUTE format(
                'COMMENT ON EXTENSION %I IS %L', extension, 'Created by the migration 002_drama_enhancements.'
            );
        EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
            -- Only reports of slow queries need this one, and only a superuser may create it.
            IF extension <> 'pg_stat_statements' THEN
                RAISE;
            END IF;
            RAISE WARNING 'The extension pg_stat_statements was left out: %', sqlerrm
                USING HINT = 'To see slow queries, let a superuser run: CREATE EXTENSION pg_stat_statements';
        END;
    END LOOP;
END
$block$;

-- Roles belong to the whole server: one that exists is taken as it is, and no rollback drops one. None can log in; a
-- login of your own becomes a member of one of them.
DO $block$
DECLARE
    missing constant text[] := ARRAY(
        SELECT role
        FROM unnest(ARRAY['doramaflix_owner', 'doramaflix_app', 'doramaflix_readonly']) role
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
        -- Always in the same order, or two databases of a server, migrated at once, could wait for each other.
        ORDER BY role
    );
    role text;
BEGIN
    FOREACH role IN ARRAY missing LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        EXCEPTION
            -- Another database of this server is being migrated.
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE insufficient_privilege USING
                    MESSAGE = format('Role "%s" may not create the role "%s".', current_user, role),
                    HINT = format(
                        'Let someone with CREATEROLE run once for the whole server: %s; GRANT doramaflix_owner TO %I',
                        (SELECT string_agg(format('CREATE ROLE %I NOLOGIN', name), '; ') FROM unnest(missing) name),
                        current_user
                    );
        END;
    END LOOP;
END
$block$;

-- Whoever gives the tables to a role must have its rights to go on with them. Who created the role can take them.
DO $block$
BEGIN
    IF NOT pg_has_role('doramaflix_owner', 'USAGE') THEN
        EXECUTE format('GRANT doramaflix_owner TO %I', current_user);
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE insufficient_privilege USING
        MESSAGE = format('Role "%s" lacks the rights of "doramaflix_owner", which is to own the tables.', current_user),
        HINT = format('Let someone with ADMIN on that role run: GRANT doramaflix_owner TO %I', current_user);
END
$block$;

CREATE TYPE drama_origin AS ENUM (
    'korean', 'japanese', 'chinese', 'taiwanese', 'hong_kong', 'thai', 'vietnamese', 'filipino', 'indonesian', 'other'
);
CREATE TYPE video_quality AS ENUM ('SD_480p', 'HD_720p', 'FHD_1080p', 'UHD_4K');
CREATE TYPE subtitle_language AS ENUM (
    'portuguese', 'english', 'spanish', 'french', 'german', 'italian', 'arabic', 'korean', 'japanese', 'chinese',
    'thai', 'vietnamese', 'indonesian'
);
CREATE TYPE watch_status AS ENUM ('not_started', 'watching', 'completed', 'dropped', 'on_hold');

COMMENT ON TYPE drama_origin IS 'Where a course was made; new countries are added with ALTER TYPE … ADD VALUE.';
COMMENT ON TYPE video_quality IS 'From the smallest to the largest picture, so that they compare.';
COMMENT ON TYPE watch_status IS 'What a user says of a course.';

-- The search must not depend on the locale of the database, so none of the functions below uses the parser of
-- to_tsvector, a character class such as [[:alpha:]], or lower() under the database's collation: under the locale C
-- these know ASCII only, and in others they change with the operating system.

-- unaccent() counts as stable because its dictionary can be changed. This one is named with its schema, and whoever
-- changes its rules has to write the column again: UPDATE courses SET title = title.
SELECT set_config('search_path', format('%s, %s', current_setting('search_path'), extnamespace::regnamespace), true)
FROM pg_extension
WHERE extname = 'unaccent';

CREATE FUNCTION search_text(source text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN translate(lower(unaccent('unaccent', normalize(source, NFKC)) COLLATE "C"), E'・\t\r\n''', '    ');

COMMENT ON FUNCTION search_text(text) IS
    'Text as the search compares it: composed, without accents and apostrophes, A to Z in lower case.';

-- A word is a run of letters of an alphabet, cut after 100, for a lexeme may have 2,046 bytes. Scripts without spaces
-- between words (Chinese, Japanese, Thai, Lao, Burmese, Khmer), and Korean with its appended particles, come as whole
-- runs with the spaces that are in them, because people leave these out at will.
CREATE FUNCTION search_runs(source text)
RETURNS TABLE (run text, is_word boolean, place bigint)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(left(found.part[1], 100), rtrim(found.part[2])), found.part[1] IS NOT NULL, found.place
    FROM regexp_matches(
        search_text(source),
        '([a-z0-9\u00c0-\u0dff\u10a0-\u10ff\u1200-\u177f\u1800-\u1fff\u2c00-\u2dff]+)'
        '|((?! )[ \u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u9fff\ua960-\ua97f\uac00-\ufaff'
        '\U00020000-\U0003ffff]+)',
        'g'
    ) WITH ORDINALITY AS found (part, place);
END;

COMMENT ON FUNCTION search_runs(text) IS
    'The words of a text, and its runs of characters that are not cut into words, in their order.';

-- Of a run, every two neighbours and the last one alone: so a prefix finds each single character. A vector has at most
-- 1 MB, hence the limit. The three texts count their places from different starts, so that none looks like the next
-- word of another.
CREATE FUNCTION course_search_vector(title text, original_title text, description text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(
        string_agg(format('%s:%s%s', piece.lexeme, source.start + found.place, source.weight), ' '), ''
    )::tsvector
    FROM (
        VALUES (title, 'A', 0), (original_title, 'A', 1000), (left(description, 10000), 'C', 2000)
    ) source (text, weight, start)
    CROSS JOIN LATERAL search_runs(source.text) found
    CROSS JOIN LATERAL (
        SELECT found.run AS lexeme
        WHERE found.is_word
        UNION ALL
        SELECT substr(replace(found.run, ' ', ''), place, 2)
        FROM generate_series(1, length(replace(found.run, ' ', ''))) place
        WHERE NOT found.is_word
    ) piece;
END;

COMMENT ON FUNCTION course_search_vector(text, text, text) IS
    'What the search finds of a course: titles with weight A, the first 10,000 characters of the description with C.';

ALTER TABLE users
    ADD COLUMN display_name varchar(100),
    ADD COLUMN bio varchar(500),
    ADD COLUMN preferred_subtitle_language text
        CHECK (preferred_subtitle_language = ANY (enum_range(NULL::subtitle_language)::text[])),
    ADD COLUMN max_content_rating varchar(10);

COMMENT ON COLUMN users.display_name IS 'The name beside a review; null shows the first name.';
COMMENT ON COLUMN users.preferred_subtitle_language IS 'A label of subtitle_language; null for no subtitles.';
COMMENT ON COLUMN users.max_content_rating IS 'The highest courses.age_rating that the user is shown; null for all.';

ALTER TABLE courses
    ADD COLUMN original_title varchar(255),
    ADD COLUMN drama_origin drama_origin,
    ADD COLUMN original_language varchar(50),
    ADD COLUMN search_vector tsvector
        GENERATED ALWAYS AS (course_search_vector(title, original_title, description)) STORED;

COMMENT ON COLUMN courses.original_title IS 'The title in the language and script of the country.';
COMMENT ON COLUMN courses.search_vector IS 'Kept by the server; asked through search_courses().';

CREATE INDEX idx_courses_search_vector ON courses USING gin (search_vector);
CREATE INDEX idx_courses_drama_origin ON courses (drama_origin) WHERE drama_origin IS NOT NULL;

ALTER TABLE episodes ADD COLUMN original_title varchar(255);

COMMENT ON COLUMN episodes.original_title IS 'The title in the language and script of the country.';

CREATE TABLE video_qualities (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    episode_id uuid NOT NULL REFERENCES episodes ON DELETE CASCADE,
    quality_type video_quality NOT NULL,
    video_url text NOT NULL,
    file_size bigint CHECK (file_size > 0),
    bitrate integer CHECK (bitrate > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (episode_id, quality_type)
);

COMMENT ON TABLE video_qualities IS 'The files of an episode, one for each quality.';
COMMENT ON COLUMN video_qualities.file_size IS 'Bytes.';
COMMENT ON COLUMN video_qualities.bitrate IS 'Kilobits a second.';

CREATE TABLE subtitles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    episode_id uuid NOT NULL REFERENCES episodes ON DELETE CASCADE,
    language subtitle_language NOT NULL,
    file_url text NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (episode_id, language)
);

COMMENT ON TABLE subtitles IS 'The subtitles of an episode, one file for each language.';
COMMENT ON COLUMN subtitles.is_default IS 'Shown to a user without a preference; at most one of an episode.';

CREATE UNIQUE INDEX idx_subtitles_default ON subtitles (episode_id) WHERE is_default;

CREATE TABLE persons (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    original_name varchar(255),
    profile_url text,
    biography text,
    birth_date date,
    nationality varchar(100),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE persons IS 'Actors, directors, writers; names are not unique.';
COMMENT ON COLUMN persons.original_name IS 'The name in the script of the country.';

CREATE TABLE cast_members (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE,
    role varchar(255) NOT NULL,
    is_lead boolean NOT NULL DEFAULT false,
    sort_order integer NOT NULL DEFAULT 0,
    PRIMARY KEY (course_id, person_id, role)
);

COMMENT ON TABLE cast_members IS 'Who plays whom; a person can play several roles in one course.';
COMMENT ON COLUMN cast_members.role IS 'The name of the character.';

CREATE INDEX idx_cast_members_course ON cast_members (course_id, is_lead DESC, sort_order);
CREATE INDEX idx_cast_members_person ON cast_members (person_id);

CREATE TABLE crew_members (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE,
    role varchar(100) NOT NULL,
    department varchar(100) NOT NULL,
    PRIMARY KEY (course_id, person_id, role)
);

COMMENT ON TABLE crew_members IS 'Who made a course.';
COMMENT ON COLUMN crew_members.role IS 'What the person does, for example director.';

CREATE INDEX idx_crew_members_person ON crew_members (person_id);

CREATE TABLE tags (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) NOT NULL UNIQUE,
    slug varchar(100) NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE tags IS 'Free words on courses, finer than categories, such as "time travel".';
COMMENT ON COLUMN tags.slug IS 'The name as it stands in an address.';

CREATE TABLE course_tags (
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    tag_id uuid NOT NULL REFERENCES tags ON DELETE CASCADE,
    PRIMARY KEY (course_id, tag_id)
);

COMMENT ON TABLE course_tags IS 'Which courses have which tags.';

CREATE INDEX idx_course_tags_tag ON course_tags (tag_id);

CREATE TABLE user_watch_status (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    status watch_status NOT NULL DEFAULT 'not_started',
    score smallint CHECK (score BETWEEN 1 AND 10),
    notes text,
    started_at timestamptz,
    completed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, course_id),
    CHECK (completed_at >= started_at)
);

COMMENT ON TABLE user_watch_status IS 'What users say of their own courses; not computed from what they watched.';
COMMENT ON COLUMN user_watch_status.score IS 'The user''s own score, 1 to 10, seen by no one else.';
COMMENT ON COLUMN user_watch_status.notes IS 'The user''s own notes, seen by no one else.';

CREATE INDEX idx_user_watch_status_course ON user_watch_status (course_id);

-- The index that held only approved reviews did not serve the foreign key: deleting a course read all reviews.
DROP INDEX idx_user_reviews_course;
CREATE INDEX idx_user_reviews_course ON user_reviews (course_id);

ALTER TABLE watch_history
    ADD COLUMN quality_watched video_quality,
    ADD COLUMN subtitles_used subtitle_language;

COMMENT ON COLUMN watch_history.subtitles_used IS 'Null where none were shown.';

CREATE TRIGGER set_updated_at BEFORE UPDATE ON video_qualities FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON subtitles FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON persons FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON tags FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON user_watch_status FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- In policies it stands in a subquery, which is evaluated once a query, so that the indexes on user_id serve.
CREATE FUNCTION current_app_user() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN nullif(current_setting('doramaflix.user_id', true), '')::uuid;

COMMENT ON FUNCTION current_app_user() IS
    'The user that the application acts for, from the setting doramaflix.user_id; null when it is unset or empty.';

-- Before anyone is logged in there is no current user, and no row of users can be read.
CREATE FUNCTION user_credentials(email text) RETURNS TABLE (id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT users.id, users.password_hash::text FROM users WHERE users.email = user_credentials.email;
END;

REVOKE EXECUTE ON FUNCTION user_credentials(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION user_credentials(text) TO doramaflix_app;

COMMENT ON FUNCTION user_credentials(text) IS
    'The id and the password hash of the account with this address, to check a login.';

-- Not forced: materialized views are filled with the rights of the owner, and would be empty.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE watch_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_favorites ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_watch_status ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_reviews ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON users TO doramaflix_app USING (id = (SELECT current_app_user()));
CREATE POLICY own_rows ON user_progress TO doramaflix_app USING (user_id = (SELECT current_app_user()));
CREATE POLICY own_rows ON watch_history TO doramaflix_app USING (user_id = (SELECT current_app_user()));
CREATE POLICY own_rows ON user_favorites TO doramaflix_app USING (user_id = (SELECT current_app_user()));
CREATE POLICY own_rows ON user_watch_status TO doramaflix_app USING (user_id = (SELECT current_app_user()));
-- Whoever changes a review sets is_approved to false with it, or is refused: nobody approves their own words.
CREATE POLICY own_rows ON user_reviews TO doramaflix_app USING (user_id = (SELECT current_app_user()))
    WITH CHECK (user_id = (SELECT current_app_user()) AND NOT is_approved);
CREATE POLICY approved_rows ON user_reviews FOR SELECT TO doramaflix_app USING (is_approved);

GRANT SELECT ON categories, courses, course_categories, seasons, episodes, video_qualities, subtitles, persons,
    cast_members, crew_members, tags, course_tags
    TO doramaflix_app, doramaflix_readonly;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, user_progress, user_watch_status, user_reviews TO doramaflix_app;
GRANT SELECT, INSERT, DELETE ON user_favorites TO doramaflix_app;
GRANT SELECT, INSERT ON watch_history TO doramaflix_app;

-- Privileges are given on a partitioned table only, so that nobody but its owner reaches a partition by its name. Row
-- level security without a policy shows nothing, should someone grant more.
DO $block$
DECLARE
    relation regclass;
BEGIN
    EXECUTE format(
        'GRANT USAGE ON SCHEMA %1$I TO doramaflix_owner, doramaflix_app, doramaflix_readonly; '
        'GRANT CREATE ON SCHEMA %1$I TO doramaflix_owner',
        current_schema()
    );
    FOR relation IN
        SELECT inhrelid FROM pg_inherits WHERE inhparent IN ('user_progress'::regclass, 'watch_history'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format('ALTER TABLE %s OWNER TO doramaflix_owner', relation);
    END LOOP;
    FOREACH relation IN ARRAY ARRAY[
        'users', 'categories', 'courses', 'course_categories', 'seasons', 'episodes', 'user_favorites', 'user_reviews',
        'user_progress', 'watch_history', 'video_qualities', 'subtitles', 'persons', 'cast_members', 'crew_members',
        'tags', 'course_tags', 'user_watch_status'
    ]::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO doramaflix_owner', relation);
    END LOOP;
END
$block$;

ALTER TYPE content_status OWNER TO doramaflix_owner;
ALTER TYPE drama_origin OWNER TO doramaflix_owner;
ALTER TYPE video_quality OWNER TO doramaflix_owner;
ALTER TYPE subtitle_language OWNER TO doramaflix_owner;
ALTER TYPE watch_status OWNER TO doramaflix_owner;
ALTER FUNCTION set_updated_at() OWNER TO doramaflix_owner;
ALTER FUNCTION search_text(text) OWNER TO doramaflix_owner;
ALTER FUNCTION search_runs(text) OWNER TO doramaflix_owner;
ALTER FUNCTION course_search_vector(text, text, text) OWNER TO doramaflix_owner;
ALTER FUNCTION current_app_user() OWNER TO doramaflix_owner;
ALTER FUNCTION user_credentials(text) OWNER TO doramaflix_owner;

-- migrate:down

DO $block$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT inhrelid FROM pg_inherits WHERE inhparent IN ('user_progress'::regclass, 'watch_history'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', relation);
        EXECUTE format('ALTER TABLE %s OWNER TO CURRENT_USER', relation);
    END LOOP;
    FOREACH relation IN ARRAY ARRAY[
        'users', 'categories', 'courses', 'course_categories', 'seasons', 'episodes', 'user_favorites', 'user_reviews',
        'user_progress', 'watch_history'
    ]::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO CURRENT_USER', relation);
        EXECUTE format('REVOKE ALL ON %s FROM doramaflix_app, doramaflix_readonly', relation);
    END LOOP;
    EXECUTE format(
        'REVOKE ALL ON SCHEMA %I FROM doramaflix_owner, doramaflix_app, doramaflix_readonly', current_schema()
    );
END
$block$;

ALTER TYPE content_status OWNER TO CURRENT_USER;
ALTER FUNCTION set_updated_at() OWNER TO CURRENT_USER;

DROP POLICY own_rows ON users;
DROP POLICY own_rows ON user_progress;
DROP POLICY own_rows ON watch_history;
DROP POLICY own_rows ON user_favorites;
DROP POLICY own_rows ON user_reviews;
DROP POLICY approved_rows ON user_reviews;

ALTER TABLE users DISABLE ROW LEVEL SECURITY;
ALTER TABLE user_progress DISABLE ROW LEVEL SECURITY;
ALTER TABLE watch_history DISABLE ROW LEVEL SECURITY;
ALTER TABLE user_favorites DISABLE ROW LEVEL SECURITY;
ALTER TABLE user_reviews DISABLE ROW LEVEL SECURITY;

DROP TABLE user_watch_status, course_tags, tags, crew_members, cast_members, persons, subtitles, video_qualities;

DROP INDEX idx_user_reviews_course;
CREATE INDEX idx_user_reviews_course ON user_reviews (course_id) WHERE is_approved;

ALTER TABLE watch_history DROP COLUMN quality_watched, DROP COLUMN subtitles_used;
ALTER TABLE episodes DROP COLUMN original_title;
ALTER TABLE courses
    DROP COLUMN search_vector, DROP COLUMN original_title, DROP COLUMN drama_origin, DROP COLUMN original_language;
ALTER TABLE users
    DROP COLUMN display_name, DROP COLUMN bio, DROP COLUMN preferred_subtitle_language,
    DROP COLUMN max_content_rating;

DROP FUNCTION user_credentials(text), current_app_user(), course_search_vector(text, text, text), search_runs(text),
    search_text(text);
DROP TYPE watch_status, subtitle_language, video_quality, drama_origin;

DO $block$
DECLARE
    extension text;
BEGIN
    FOR extension IN
        SELECT extname FROM pg_extension
        WHERE obj_description(oid, 'pg_extension') = 'Created by the migration 002_drama_enhancements.'
    LOOP
        EXECUTE format('DROP EXTENSION %I', extension);
    END LOOP;
END
$block$;
