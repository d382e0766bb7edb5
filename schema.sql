-- The schema that the migrations, functions and views of this project make; PostgreSQL 18.
-- Written by doramaflix-db snapshot-schema: to be read and compared, not to be edited.

BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL check_function_bodies = off;
SET LOCAL client_min_messages = warning;

CREATE SCHEMA IF NOT EXISTS public;
GRANT USAGE ON SCHEMA public TO doramaflix_app;
GRANT ALL ON SCHEMA public TO doramaflix_owner;
GRANT USAGE ON SCHEMA public TO doramaflix_readonly;

CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

CREATE TYPE public.content_status AS ENUM (
    'draft',
    'published',
    'archived'
);
ALTER TYPE public.content_status OWNER TO doramaflix_owner;

CREATE TYPE public.drama_origin AS ENUM (
    'korean',
    'japanese',
    'chinese',
    'taiwanese',
    'hong_kong',
    'thai',
    'vietnamese',
    'filipino',
    'indonesian',
    'other'
);
ALTER TYPE public.drama_origin OWNER TO doramaflix_owner;
COMMENT ON TYPE public.drama_origin IS 'Where a course was made; new countries are added with ALTER TYPE … ADD VALUE.';

CREATE TYPE public.subtitle_language AS ENUM (
    'portuguese',
    'english',
    'spanish',
    'french',
    'german',
    'italian',
    'arabic',
    'korean',
    'japanese',
    'chinese',
    'thai',
    'vietnamese',
    'indonesian'
);
ALTER TYPE public.subtitle_language OWNER TO doramaflix_owner;

CREATE TYPE public.video_quality AS ENUM (
    'SD_480p',
    'HD_720p',
    'FHD_1080p',
    'UHD_4K'
);
ALTER TYPE public.video_quality OWNER TO doramaflix_owner;
COMMENT ON TYPE public.video_quality IS 'From the smallest to the largest picture, so that they compare.';

CREATE TYPE public.watch_status AS ENUM (
    'not_started',
    'watching',
    'completed',
    'dropped',
    'on_hold'
);
ALTER TYPE public.watch_status OWNER TO doramaflix_owner;
COMMENT ON TYPE public.watch_status IS 'What a user says of a course.';

CREATE TABLE public.cast_members (
    course_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role character varying(255) NOT NULL,
    is_lead boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL
);
ALTER TABLE public.cast_members OWNER TO doramaflix_owner;
COMMENT ON TABLE public.cast_members IS 'Who plays whom; a person can play several roles in one course.';
COMMENT ON COLUMN public.cast_members.role IS 'The name of the character.';
GRANT SELECT ON TABLE public.cast_members TO doramaflix_app;
GRANT SELECT ON TABLE public.cast_members TO doramaflix_readonly;
ALTER TABLE ONLY public.cast_members ADD CONSTRAINT cast_members_pkey PRIMARY KEY (course_id, person_id, role);
CREATE INDEX idx_cast_members_course ON public.cast_members USING btree (course_id, is_lead DESC, sort_order);
CREATE INDEX idx_cast_members_person ON public.cast_members USING btree (person_id);

CREATE TABLE public.categories (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(100) NOT NULL,
    slug character varying(100) NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.categories OWNER TO doramaflix_owner;
COMMENT ON TABLE public.categories IS 'Genres and themes that courses are filed under.';
COMMENT ON COLUMN public.categories.slug IS 'The name as it stands in an address.';
GRANT SELECT ON TABLE public.categories TO doramaflix_app;
GRANT SELECT ON TABLE public.categories TO doramaflix_readonly;
ALTER TABLE ONLY public.categories ADD CONSTRAINT categories_name_key UNIQUE (name);
ALTER TABLE ONLY public.categories ADD CONSTRAINT categories_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.categories ADD CONSTRAINT categories_slug_key UNIQUE (slug);

CREATE TABLE public.content_analytics (
    course_id uuid NOT NULL,
    date date NOT NULL,
    total_views integer DEFAULT 0 NOT NULL,
    unique_viewers integer DEFAULT 0 NOT NULL,
    watch_time_minutes integer DEFAULT 0 NOT NULL,
    completion_rate numeric(5,4),
    average_rating numeric(3,2),
    new_subscribers integer DEFAULT 0 NOT NULL
)
PARTITION BY RANGE (date);
COMMENT ON TABLE public.content_analytics IS 'What happened with a course on a day, in UTC; one partition a month.';
COMMENT ON COLUMN public.content_analytics.completion_rate IS 'Share of the views that reached the end; null without one.';
COMMENT ON COLUMN public.content_analytics.average_rating IS 'Average of the reviews of that day; null without one.';
COMMENT ON COLUMN public.content_analytics.new_subscribers IS 'Users whose first viewing of the course was on that day.';
GRANT SELECT ON TABLE public.content_analytics TO doramaflix_app;
GRANT SELECT ON TABLE public.content_analytics TO doramaflix_readonly;
ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_average_rating_check CHECK (((average_rating >= (0)::numeric) AND (average_rating <= (5)::numeric)));
ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_check CHECK (((unique_viewers >= 0) AND (unique_viewers <= total_views)));
ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_completion_rate_check CHECK (((completion_rate >= (0)::numeric) AND (completion_rate <= (1)::numeric)));
ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_new_subscribers_check CHECK ((new_subscribers >= 0));
ALTER TABLE ONLY public.content_analytics ADD CONSTRAINT content_analytics_pkey PRIMARY KEY (date, course_id);
ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_total_views_check CHECK ((total_views >= 0));
ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_watch_time_minutes_check CHECK ((watch_time_minutes >= 0));
CREATE INDEX idx_content_analytics_course_date ON ONLY public.content_analytics USING btree (course_id, date DESC);

CREATE TABLE public.course_categories (
    course_id uuid NOT NULL,
    category_id uuid NOT NULL
);
ALTER TABLE public.course_categories OWNER TO doramaflix_owner;
COMMENT ON TABLE public.course_categories IS 'Which courses are filed under which categories.';
GRANT SELECT ON TABLE public.course_categories TO doramaflix_app;
GRANT SELECT ON TABLE public.course_categories TO doramaflix_readonly;
ALTER TABLE ONLY public.course_categories ADD CONSTRAINT course_categories_pkey PRIMARY KEY (course_id, category_id);
CREATE INDEX idx_course_categories_category ON public.course_categories USING btree (category_id);

CREATE TABLE public.course_tags (
    course_id uuid NOT NULL,
    tag_id uuid NOT NULL
);
ALTER TABLE public.course_tags OWNER TO doramaflix_owner;
COMMENT ON TABLE public.course_tags IS 'Which courses have which tags.';
GRANT SELECT ON TABLE public.course_tags TO doramaflix_app;
GRANT SELECT ON TABLE public.course_tags TO doramaflix_readonly;
ALTER TABLE ONLY public.course_tags ADD CONSTRAINT course_tags_pkey PRIMARY KEY (course_id, tag_id);
CREATE INDEX idx_course_tags_tag ON public.course_tags USING btree (tag_id);

CREATE OR REPLACE FUNCTION public.search_text(source text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN translate(lower((public.unaccent('public.unaccent'::regdictionary, NORMALIZE(source, NFKC)) COLLATE "C")), '・	
'''::text, '    '::text);
ALTER FUNCTION public.search_text(pg_catalog.text) OWNER TO doramaflix_owner;
COMMENT ON FUNCTION public.search_text(pg_catalog.text) IS 'Text as the search compares it: composed, without accents and apostrophes, A to Z in lower case.';

CREATE OR REPLACE FUNCTION public.search_runs(source text)
 RETURNS TABLE(run text, is_word boolean, place bigint)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE("left"(found.part[1], 100), rtrim(found.part[2])) AS "coalesce",
     (found.part[1] IS NOT NULL),
     found.place
    FROM regexp_matches(public.search_text(search_runs.source), '([a-z0-9\u00c0-\u0dff\u10a0-\u10ff\u1200-\u177f\u1800-\u1fff\u2c00-\u2dff]+)|((?! )[ \u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u9fff\ua960-\ua97f\uac00-\ufaff\U00020000-\U0003ffff]+)'::text, 'g'::text) WITH ORDINALITY found(part, place);
END;
ALTER FUNCTION public.search_runs(pg_catalog.text) OWNER TO doramaflix_owner;
COMMENT ON FUNCTION public.search_runs(pg_catalog.text) IS 'The words of a text, and its runs of characters that are not cut into words, in their order.';

CREATE OR REPLACE FUNCTION public.course_search_vector(title text, original_title text, description text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (COALESCE(string_agg(format('%s:%s%s'::text, piece.lexeme, (source.start + found.place), source.weight), ' '::text), ''::text))::tsvector AS "coalesce"
    FROM ((( VALUES (course_search_vector.title,'A'::text,0), (course_search_vector.original_title,'A'::text,1000), ("left"(course_search_vector.description, 10000),'C'::text,2000)) source(text, weight, start)
      CROSS JOIN LATERAL public.search_runs(source.text) found(run, is_word, place))
      CROSS JOIN LATERAL ( SELECT found.run AS lexeme
           WHERE found.is_word
         UNION ALL
          SELECT substr(replace(found.run, ' '::text, ''::text), place.place, 2) AS substr
            FROM generate_series(1, length(replace(found.run, ' '::text, ''::text))) place(place)
           WHERE (NOT found.is_word)) piece);
END;
ALTER FUNCTION public.course_search_vector(pg_catalog.text,pg_catalog.text,pg_catalog.text) OWNER TO doramaflix_owner;
COMMENT ON FUNCTION public.course_search_vector(pg_catalog.text,pg_catalog.text,pg_catalog.text) IS 'What the search finds of a course: titles with weight A, the first 10,000 characters of the description with C.';

CREATE TABLE public.courses (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    title character varying(255) NOT NULL,
    description text,
    thumbnail_url text,
    status public.content_status DEFAULT 'draft'::public.content_status NOT NULL,
    age_rating character varying(10),
    production_year integer,
    total_episodes integer DEFAULT 0 NOT NULL,
    total_views bigint DEFAULT 0 NOT NULL,
    rating numeric(3,2),
    popularity integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    original_title character varying(255),
    drama_origin public.drama_origin,
    original_language character varying(50),
    search_vector tsvector GENERATED ALWAYS AS (public.course_search_vector((title)::text, (original_title)::text, description)) STORED
);
ALTER TABLE public.courses OWNER TO doramaflix_owner;
COMMENT ON TABLE public.courses IS 'Series and films; the platform calls each of them a course.';
COMMENT ON COLUMN public.courses.rating IS 'Average of the approved reviews, 0 to 5; null before the first.';
COMMENT ON COLUMN public.courses.original_title IS 'The title in the language and script of the country.';
COMMENT ON COLUMN public.courses.search_vector IS 'Kept by the server; asked through search_courses().';
GRANT SELECT ON TABLE public.courses TO doramaflix_app;
GRANT SELECT ON TABLE public.courses TO doramaflix_readonly;
ALTER TABLE ONLY public.courses ADD CONSTRAINT courses_pkey PRIMARY KEY (id);
ALTER TABLE public.courses ADD CONSTRAINT courses_production_year_check CHECK (((production_year >= 1900) AND (production_year <= 2100)));
ALTER TABLE public.courses ADD CONSTRAINT courses_rating_check CHECK (((rating >= (0)::numeric) AND (rating <= (5)::numeric)));
ALTER TABLE public.courses ADD CONSTRAINT courses_total_episodes_check CHECK ((total_episodes >= 0));
ALTER TABLE public.courses ADD CONSTRAINT courses_total_views_check CHECK ((total_views >= 0));
CREATE INDEX idx_courses_drama_origin ON public.courses USING btree (drama_origin) WHERE (drama_origin IS NOT NULL);
CREATE INDEX idx_courses_popularity ON public.courses USING btree (popularity DESC, created_at DESC);
CREATE INDEX idx_courses_rating_views ON public.courses USING btree (rating DESC, total_views DESC);
CREATE INDEX idx_courses_search_vector ON public.courses USING gin (search_vector);

CREATE TABLE public.crew_members (
    course_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role character varying(100) NOT NULL,
    department character varying(100) NOT NULL
);
ALTER TABLE public.crew_members OWNER TO doramaflix_owner;
COMMENT ON TABLE public.crew_members IS 'Who made a course.';
COMMENT ON COLUMN public.crew_members.role IS 'What the person does, for example director.';
GRANT SELECT ON TABLE public.crew_members TO doramaflix_app;
GRANT SELECT ON TABLE public.crew_members TO doramaflix_readonly;
ALTER TABLE ONLY public.crew_members ADD CONSTRAINT crew_members_pkey PRIMARY KEY (course_id, person_id, role);
CREATE INDEX idx_crew_members_person ON public.crew_members USING btree (person_id);

CREATE TABLE public.episodes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    course_id uuid NOT NULL,
    season_id uuid,
    title character varying(255) NOT NULL,
    episode_number integer NOT NULL,
    video_duration integer NOT NULL,
    rating numeric(3,2),
    air_date date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    original_title character varying(255)
);
ALTER TABLE public.episodes OWNER TO doramaflix_owner;
COMMENT ON TABLE public.episodes IS 'Episodes of a course; season_id is null where it has no seasons.';
COMMENT ON COLUMN public.episodes.video_duration IS 'Seconds.';
COMMENT ON COLUMN public.episodes.original_title IS 'The title in the language and script of the country.';
GRANT SELECT ON TABLE public.episodes TO doramaflix_app;
GRANT SELECT ON TABLE public.episodes TO doramaflix_readonly;
ALTER TABLE ONLY public.episodes ADD CONSTRAINT episodes_course_id_season_id_episode_number_key UNIQUE NULLS NOT DISTINCT (course_id, season_id, episode_number);
ALTER TABLE public.episodes ADD CONSTRAINT episodes_episode_number_check CHECK ((episode_number >= 0));
ALTER TABLE ONLY public.episodes ADD CONSTRAINT episodes_pkey PRIMARY KEY (id);
ALTER TABLE public.episodes ADD CONSTRAINT episodes_rating_check CHECK (((rating >= (0)::numeric) AND (rating <= (5)::numeric)));
ALTER TABLE public.episodes ADD CONSTRAINT episodes_video_duration_check CHECK ((video_duration >= 0));
CREATE INDEX idx_episodes_course_season ON public.episodes USING btree (course_id, season_id, episode_number);

CREATE TABLE public.persons (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(255) NOT NULL,
    original_name character varying(255),
    profile_url text,
    biography text,
    birth_date date,
    nationality character varying(100),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.persons OWNER TO doramaflix_owner;
COMMENT ON TABLE public.persons IS 'Actors, directors, writers; names are not unique.';
COMMENT ON COLUMN public.persons.original_name IS 'The name in the script of the country.';
GRANT SELECT ON TABLE public.persons TO doramaflix_app;
GRANT SELECT ON TABLE public.persons TO doramaflix_readonly;
ALTER TABLE ONLY public.persons ADD CONSTRAINT persons_pkey PRIMARY KEY (id);

CREATE TABLE public.search_queries (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    query character varying(500) NOT NULL,
    filters jsonb DEFAULT '{}'::jsonb NOT NULL,
    results integer DEFAULT 0 NOT NULL,
    clicked boolean DEFAULT false NOT NULL,
    clicked_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.search_queries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.search_queries OWNER TO doramaflix_owner;
COMMENT ON TABLE public.search_queries IS 'What was searched for; a search stays when its account goes.';
COMMENT ON COLUMN public.search_queries.user_id IS 'Null for a visitor, and for an account that was deleted.';
COMMENT ON COLUMN public.search_queries.filters IS 'What the search was narrowed to, for example {"origin": "korean"}.';
COMMENT ON COLUMN public.search_queries.results IS 'How many courses were found.';
COMMENT ON COLUMN public.search_queries.clicked_id IS 'The course that was opened from the results.';
GRANT DELETE, INSERT, SELECT ON TABLE public.search_queries TO doramaflix_app;
GRANT UPDATE (clicked) ON TABLE public.search_queries TO doramaflix_app;
GRANT UPDATE (clicked_id) ON TABLE public.search_queries TO doramaflix_app;
ALTER TABLE public.search_queries ADD CONSTRAINT search_queries_check CHECK ((clicked OR (clicked_id IS NULL)));
ALTER TABLE public.search_queries ADD CONSTRAINT search_queries_filters_check CHECK ((jsonb_typeof(filters) = 'object'::text));
ALTER TABLE ONLY public.search_queries ADD CONSTRAINT search_queries_pkey PRIMARY KEY (id);
ALTER TABLE public.search_queries ADD CONSTRAINT search_queries_results_check CHECK ((results >= 0));
CREATE INDEX idx_search_queries_clicked ON public.search_queries USING btree (clicked_id) WHERE (clicked_id IS NOT NULL);
CREATE INDEX idx_search_queries_created ON public.search_queries USING btree (created_at);
CREATE INDEX idx_search_queries_user ON public.search_queries USING btree (user_id, created_at DESC) WHERE (user_id IS NOT NULL);

CREATE TABLE public.seasons (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    course_id uuid NOT NULL,
    season_number integer NOT NULL,
    title character varying(255),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.seasons OWNER TO doramaflix_owner;
COMMENT ON TABLE public.seasons IS 'Seasons of a course.';
COMMENT ON COLUMN public.seasons.season_number IS 'Counted from 1; 0 holds specials.';
GRANT SELECT ON TABLE public.seasons TO doramaflix_app;
GRANT SELECT ON TABLE public.seasons TO doramaflix_readonly;
ALTER TABLE ONLY public.seasons ADD CONSTRAINT seasons_course_id_id_key UNIQUE (course_id, id);
ALTER TABLE ONLY public.seasons ADD CONSTRAINT seasons_course_id_season_number_key UNIQUE (course_id, season_number);
ALTER TABLE ONLY public.seasons ADD CONSTRAINT seasons_pkey PRIMARY KEY (id);
ALTER TABLE public.seasons ADD CONSTRAINT seasons_season_number_check CHECK ((season_number >= 0));

CREATE TABLE public.similar_courses (
    course_id uuid NOT NULL,
    place integer NOT NULL,
    similar_course_id uuid NOT NULL,
    similarity real NOT NULL
);
ALTER TABLE public.similar_courses OWNER TO doramaflix_owner;
COMMENT ON TABLE public.similar_courses IS 'For each course those that its viewers watched most; kept by compute_similar_courses().';
COMMENT ON COLUMN public.similar_courses.place IS '1 for the most similar course.';
COMMENT ON COLUMN public.similar_courses.similarity IS 'The share of viewers that the two have in common.';
GRANT SELECT ON TABLE public.similar_courses TO doramaflix_app;
GRANT SELECT ON TABLE public.similar_courses TO doramaflix_readonly;
ALTER TABLE public.similar_courses ADD CONSTRAINT similar_courses_check CHECK ((similar_course_id <> course_id));
ALTER TABLE ONLY public.similar_courses ADD CONSTRAINT similar_courses_pkey PRIMARY KEY (course_id, place);
ALTER TABLE public.similar_courses ADD CONSTRAINT similar_courses_place_check CHECK (((place >= 1) AND (place <= 50)));
ALTER TABLE ONLY public.similar_courses ADD CONSTRAINT similar_courses_similar_course_id_course_id_key UNIQUE (similar_course_id, course_id);
ALTER TABLE public.similar_courses ADD CONSTRAINT similar_courses_similarity_check CHECK (((similarity > (0)::double precision) AND (similarity <= (1)::double precision)));

CREATE TABLE public.subtitles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    episode_id uuid NOT NULL,
    language public.subtitle_language NOT NULL,
    file_url text NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.subtitles OWNER TO doramaflix_owner;
COMMENT ON TABLE public.subtitles IS 'The subtitles of an episode, one file for each language.';
COMMENT ON COLUMN public.subtitles.is_default IS 'Shown to a user without a preference; at most one of an episode.';
GRANT SELECT ON TABLE public.subtitles TO doramaflix_app;
GRANT SELECT ON TABLE public.subtitles TO doramaflix_readonly;
ALTER TABLE ONLY public.subtitles ADD CONSTRAINT subtitles_episode_id_language_key UNIQUE (episode_id, language);
ALTER TABLE ONLY public.subtitles ADD CONSTRAINT subtitles_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX idx_subtitles_default ON public.subtitles USING btree (episode_id) WHERE is_default;

CREATE TABLE public.tags (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(100) NOT NULL,
    slug character varying(100) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.tags OWNER TO doramaflix_owner;
COMMENT ON TABLE public.tags IS 'Free words on courses, finer than categories, such as "time travel".';
COMMENT ON COLUMN public.tags.slug IS 'The name as it stands in an address.';
GRANT SELECT ON TABLE public.tags TO doramaflix_app;
GRANT SELECT ON TABLE public.tags TO doramaflix_readonly;
ALTER TABLE ONLY public.tags ADD CONSTRAINT tags_name_key UNIQUE (name);
ALTER TABLE ONLY public.tags ADD CONSTRAINT tags_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tags ADD CONSTRAINT tags_slug_key UNIQUE (slug);

CREATE TABLE public.trending_content (
    course_id uuid NOT NULL,
    trending_score numeric(10,4) NOT NULL,
    period character varying(20) NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    rank integer NOT NULL,
    category character varying(100) DEFAULT 'all'::character varying NOT NULL
);
ALTER TABLE public.trending_content OWNER TO doramaflix_owner;
COMMENT ON TABLE public.trending_content IS 'The ranking of the courses of a day, a week or a month.';
COMMENT ON COLUMN public.trending_content.period_end IS 'The last day of the period, not the day after it.';
COMMENT ON COLUMN public.trending_content.rank IS 'From 1, within period, period_start and category.';
COMMENT ON COLUMN public.trending_content.category IS 'The name of the category that is ranked by itself, or "all".';
GRANT SELECT ON TABLE public.trending_content TO doramaflix_app;
GRANT SELECT ON TABLE public.trending_content TO doramaflix_readonly;
ALTER TABLE public.trending_content ADD CONSTRAINT trending_content_check CHECK ((period_end >= period_start));
ALTER TABLE public.trending_content ADD CONSTRAINT trending_content_period_check CHECK (((period)::text = ANY ((ARRAY['daily'::character varying, 'weekly'::character varying, 'monthly'::character varying])::text[])));
ALTER TABLE ONLY public.trending_content ADD CONSTRAINT trending_content_pkey PRIMARY KEY (period, period_start, category, course_id);
ALTER TABLE public.trending_content ADD CONSTRAINT trending_content_rank_check CHECK ((rank >= 1));
ALTER TABLE public.trending_content ADD CONSTRAINT trending_content_trending_score_check CHECK ((trending_score >= (0)::numeric));
CREATE INDEX idx_trending_content_course ON public.trending_content USING btree (course_id);
CREATE INDEX idx_trending_period_rank ON public.trending_content USING btree (period, period_start DESC, rank);

CREATE TABLE public.user_engagement (
    user_id uuid NOT NULL,
    date date NOT NULL,
    sessions_count integer DEFAULT 0 NOT NULL,
    total_watch_time integer DEFAULT 0 NOT NULL,
    episodes_watched integer DEFAULT 0 NOT NULL,
    episodes_completed integer DEFAULT 0 NOT NULL,
    searches_count integer DEFAULT 0 NOT NULL,
    favorites_added integer DEFAULT 0 NOT NULL,
    reviews_written integer DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.user_engagement ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_engagement OWNER TO doramaflix_owner;
COMMENT ON TABLE public.user_engagement IS 'What a user did on a day, in UTC.';
COMMENT ON COLUMN public.user_engagement.total_watch_time IS 'Seconds.';
GRANT SELECT ON TABLE public.user_engagement TO doramaflix_app;
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_episodes_completed_check CHECK ((episodes_completed >= 0));
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_episodes_watched_check CHECK ((episodes_watched >= 0));
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_favorites_added_check CHECK ((favorites_added >= 0));
ALTER TABLE ONLY public.user_engagement ADD CONSTRAINT user_engagement_pkey PRIMARY KEY (user_id, date);
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_reviews_written_check CHECK ((reviews_written >= 0));
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_searches_count_check CHECK ((searches_count >= 0));
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_sessions_count_check CHECK ((sessions_count >= 0));
ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_total_watch_time_check CHECK ((total_watch_time >= 0));
CREATE INDEX idx_user_engagement_date ON public.user_engagement USING btree (date);

CREATE TABLE public.user_favorites (
    user_id uuid NOT NULL,
    course_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.user_favorites ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_favorites OWNER TO doramaflix_owner;
COMMENT ON TABLE public.user_favorites IS 'Courses that a user has marked.';
GRANT DELETE, INSERT, SELECT ON TABLE public.user_favorites TO doramaflix_app;
ALTER TABLE ONLY public.user_favorites ADD CONSTRAINT user_favorites_pkey PRIMARY KEY (user_id, course_id);
CREATE INDEX idx_user_favorites_course ON public.user_favorites USING btree (course_id);

CREATE TABLE public.user_progress (
    user_id uuid NOT NULL,
    episode_id uuid NOT NULL,
    progress_seconds integer DEFAULT 0 NOT NULL,
    completed boolean DEFAULT false NOT NULL,
    last_watched_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (last_watched_at);
ALTER TABLE ONLY public.user_progress ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.user_progress IS 'How far a user has watched an episode; one partition a year.';
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.user_progress TO doramaflix_app;
ALTER TABLE ONLY public.user_progress ADD CONSTRAINT user_progress_pkey PRIMARY KEY (user_id, episode_id, last_watched_at);
ALTER TABLE public.user_progress ADD CONSTRAINT user_progress_progress_seconds_check CHECK ((progress_seconds >= 0));
CREATE INDEX idx_user_progress_active ON ONLY public.user_progress USING btree (user_id, last_watched_at DESC) WHERE (completed = false);
CREATE INDEX idx_user_progress_episode ON ONLY public.user_progress USING btree (episode_id);

CREATE TABLE public.user_reviews (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    course_id uuid NOT NULL,
    rating numeric(2,1) NOT NULL,
    review text,
    is_approved boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.user_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_reviews OWNER TO doramaflix_owner;
COMMENT ON TABLE public.user_reviews IS 'One review of a user for a course.';
COMMENT ON COLUMN public.user_reviews.is_approved IS 'Only approved reviews are shown and counted.';
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.user_reviews TO doramaflix_app;
ALTER TABLE ONLY public.user_reviews ADD CONSTRAINT user_reviews_pkey PRIMARY KEY (id);
ALTER TABLE public.user_reviews ADD CONSTRAINT user_reviews_rating_check CHECK (((rating >= (0)::numeric) AND (rating <= (5)::numeric)));
ALTER TABLE ONLY public.user_reviews ADD CONSTRAINT user_reviews_user_id_course_id_key UNIQUE (user_id, course_id);
CREATE INDEX idx_user_reviews_course ON public.user_reviews USING btree (course_id);

CREATE TABLE public.user_watch_status (
    user_id uuid NOT NULL,
    course_id uuid NOT NULL,
    status public.watch_status DEFAULT 'not_started'::public.watch_status NOT NULL,
    score smallint,
    notes text,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.user_watch_status ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_watch_status OWNER TO doramaflix_owner;
COMMENT ON TABLE public.user_watch_status IS 'What users say of their own courses; not computed from what they watched.';
COMMENT ON COLUMN public.user_watch_status.score IS 'The user''s own score, 1 to 10, seen by no one else.';
COMMENT ON COLUMN public.user_watch_status.notes IS 'The user''s own notes, seen by no one else.';
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.user_watch_status TO doramaflix_app;
ALTER TABLE public.user_watch_status ADD CONSTRAINT user_watch_status_check CHECK ((completed_at >= started_at));
ALTER TABLE ONLY public.user_watch_status ADD CONSTRAINT user_watch_status_pkey PRIMARY KEY (user_id, course_id);
ALTER TABLE public.user_watch_status ADD CONSTRAINT user_watch_status_score_check CHECK (((score >= 1) AND (score <= 10)));
CREATE INDEX idx_user_watch_status_course ON public.user_watch_status USING btree (course_id);

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email character varying(255) NOT NULL,
    password_hash character varying(255) NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    subscription_tier character varying(20) DEFAULT 'free'::character varying NOT NULL,
    favorite_genres character varying(50)[] DEFAULT '{}'::character varying[] NOT NULL,
    total_watch_time integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    display_name character varying(100),
    bio character varying(500),
    preferred_subtitle_language text,
    max_content_rating character varying(10)
);
ALTER TABLE ONLY public.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.users OWNER TO doramaflix_owner;
COMMENT ON TABLE public.users IS 'People with an account.';
COMMENT ON COLUMN public.users.password_hash IS 'Never a password: a hash with its salt and parameters.';
COMMENT ON COLUMN public.users.total_watch_time IS 'Seconds watched since the account exists.';
COMMENT ON COLUMN public.users.display_name IS 'The name beside a review; null shows the first name.';
COMMENT ON COLUMN public.users.preferred_subtitle_language IS 'A label of subtitle_language; null for no subtitles.';
COMMENT ON COLUMN public.users.max_content_rating IS 'The highest courses.age_rating that the user is shown; null for all.';
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.users TO doramaflix_app;
ALTER TABLE ONLY public.users ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE public.users ADD CONSTRAINT users_preferred_subtitle_language_check CHECK ((preferred_subtitle_language = ANY ((enum_range(NULL::public.subtitle_language))::text[])));
ALTER TABLE public.users ADD CONSTRAINT users_total_watch_time_check CHECK ((total_watch_time >= 0));

CREATE TABLE public.video_qualities (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    episode_id uuid NOT NULL,
    quality_type public.video_quality NOT NULL,
    video_url text NOT NULL,
    file_size bigint,
    bitrate integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.video_qualities OWNER TO doramaflix_owner;
COMMENT ON TABLE public.video_qualities IS 'The files of an episode, one for each quality.';
COMMENT ON COLUMN public.video_qualities.file_size IS 'Bytes.';
COMMENT ON COLUMN public.video_qualities.bitrate IS 'Kilobits a second.';
GRANT SELECT ON TABLE public.video_qualities TO doramaflix_app;
GRANT SELECT ON TABLE public.video_qualities TO doramaflix_readonly;
ALTER TABLE public.video_qualities ADD CONSTRAINT video_qualities_bitrate_check CHECK ((bitrate > 0));
ALTER TABLE ONLY public.video_qualities ADD CONSTRAINT video_qualities_episode_id_quality_type_key UNIQUE (episode_id, quality_type);
ALTER TABLE public.video_qualities ADD CONSTRAINT video_qualities_file_size_check CHECK ((file_size > 0));
ALTER TABLE ONLY public.video_qualities ADD CONSTRAINT video_qualities_pkey PRIMARY KEY (id);

CREATE TABLE public.watch_history (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    user_id uuid NOT NULL,
    episode_id uuid NOT NULL,
    watched_at timestamp with time zone DEFAULT now() NOT NULL,
    watch_duration integer DEFAULT 0 NOT NULL,
    device_info jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    quality_watched public.video_quality,
    subtitles_used public.subtitle_language
)
PARTITION BY RANGE (watched_at);
ALTER TABLE ONLY public.watch_history ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.watch_history IS 'Every viewing; rows are only added; one partition a month.';
COMMENT ON COLUMN public.watch_history.watch_duration IS 'Seconds watched in this viewing.';
COMMENT ON COLUMN public.watch_history.subtitles_used IS 'Null where none were shown.';
GRANT INSERT, SELECT ON TABLE public.watch_history TO doramaflix_app;
ALTER TABLE public.watch_history ADD CONSTRAINT watch_history_device_info_check CHECK ((jsonb_typeof(device_info) = 'object'::text));
ALTER TABLE ONLY public.watch_history ADD CONSTRAINT watch_history_pkey PRIMARY KEY (id, watched_at);
ALTER TABLE public.watch_history ADD CONSTRAINT watch_history_watch_duration_check CHECK ((watch_duration >= 0));
CREATE INDEX idx_watch_history_episode ON ONLY public.watch_history USING btree (episode_id);
CREATE INDEX idx_watch_history_user_recent ON ONLY public.watch_history USING btree (user_id, watched_at DESC);

ALTER TABLE public.cast_members ADD CONSTRAINT cast_members_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.cast_members ADD CONSTRAINT cast_members_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE public.content_analytics ADD CONSTRAINT content_analytics_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;

ALTER TABLE public.course_categories ADD CONSTRAINT course_categories_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories(id) ON DELETE CASCADE;
ALTER TABLE public.course_categories ADD CONSTRAINT course_categories_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;

ALTER TABLE public.course_tags ADD CONSTRAINT course_tags_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.course_tags ADD CONSTRAINT course_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES public.tags(id) ON DELETE CASCADE;

ALTER TABLE public.crew_members ADD CONSTRAINT crew_members_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.crew_members ADD CONSTRAINT crew_members_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE public.episodes ADD CONSTRAINT episodes_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.episodes ADD CONSTRAINT episodes_course_id_season_id_fkey FOREIGN KEY (course_id, season_id) REFERENCES public.seasons(course_id, id) ON DELETE CASCADE;

ALTER TABLE public.search_queries ADD CONSTRAINT search_queries_clicked_id_fkey FOREIGN KEY (clicked_id) REFERENCES public.courses(id) ON DELETE SET NULL;
ALTER TABLE public.search_queries ADD CONSTRAINT search_queries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE public.seasons ADD CONSTRAINT seasons_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;

ALTER TABLE public.similar_courses ADD CONSTRAINT similar_courses_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.similar_courses ADD CONSTRAINT similar_courses_similar_course_id_fkey FOREIGN KEY (similar_course_id) REFERENCES public.courses(id) ON DELETE CASCADE;

ALTER TABLE public.subtitles ADD CONSTRAINT subtitles_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES public.episodes(id) ON DELETE CASCADE;

ALTER TABLE public.trending_content ADD CONSTRAINT trending_content_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;

ALTER TABLE public.user_engagement ADD CONSTRAINT user_engagement_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.user_favorites ADD CONSTRAINT user_favorites_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.user_favorites ADD CONSTRAINT user_favorites_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.user_progress ADD CONSTRAINT user_progress_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES public.episodes(id) ON DELETE CASCADE;
ALTER TABLE public.user_progress ADD CONSTRAINT user_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.user_reviews ADD CONSTRAINT user_reviews_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.user_reviews ADD CONSTRAINT user_reviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.user_watch_status ADD CONSTRAINT user_watch_status_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(id) ON DELETE CASCADE;
ALTER TABLE public.user_watch_status ADD CONSTRAINT user_watch_status_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.video_qualities ADD CONSTRAINT video_qualities_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES public.episodes(id) ON DELETE CASCADE;

ALTER TABLE public.watch_history ADD CONSTRAINT watch_history_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES public.episodes(id) ON DELETE CASCADE;
ALTER TABLE public.watch_history ADD CONSTRAINT watch_history_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

CREATE OR REPLACE FUNCTION public.calculate_content_similarity(a uuid, b uuid)
 RETURNS numeric
 LANGUAGE sql
 STABLE PARALLEL SAFE
BEGIN ATOMIC
 WITH features AS (
          SELECT 'category'::text AS kind,
             0.20 AS weight,
             (course_categories.category_id)::text AS feature,
             course_categories.course_id
            FROM public.course_categories
           WHERE (course_categories.course_id = ANY (ARRAY[calculate_content_similarity.a, calculate_content_similarity.b]))
         UNION ALL
          SELECT 'tag'::text,
             0.15,
             (course_tags.tag_id)::text AS tag_id,
             course_tags.course_id
            FROM public.course_tags
           WHERE (course_tags.course_id = ANY (ARRAY[calculate_content_similarity.a, calculate_content_similarity.b]))
         UNION ALL
          SELECT 'person'::text,
             0.15,
             (cast_members.person_id)::text AS person_id,
             cast_members.course_id
            FROM public.cast_members
           WHERE (cast_members.course_id = ANY (ARRAY[calculate_content_similarity.a, calculate_content_similarity.b]))
         UNION ALL
          SELECT 'person'::text,
             0.15,
             (crew_members.person_id)::text AS person_id,
             crew_members.course_id
            FROM public.crew_members
           WHERE (crew_members.course_id = ANY (ARRAY[calculate_content_similarity.a, calculate_content_similarity.b]))
         UNION ALL
          SELECT 'origin'::text,
             0.15,
             (courses.drama_origin)::text AS drama_origin,
             courses.id
            FROM public.courses
           WHERE ((courses.id = ANY (ARRAY[calculate_content_similarity.a, calculate_content_similarity.b])) AND (courses.drama_origin IS NOT NULL))
         ), compared AS (
          SELECT features.kind,
             features.weight,
             (count(DISTINCT features.course_id) = 2) AS shared
            FROM features
           GROUP BY features.kind, features.weight, features.feature
         ), content AS (
          SELECT (compared.weight * avg((compared.shared)::integer)) AS similarity
            FROM compared
           GROUP BY compared.kind, compared.weight
         ), audience AS (
          SELECT (0.35 * max((similar_courses.similarity)::numeric)) AS similarity
            FROM public.similar_courses
           WHERE (((similar_courses.course_id = calculate_content_similarity.a) AND (similar_courses.similar_course_id = calculate_content_similarity.b)) OR ((similar_courses.course_id = calculate_content_similarity.b) AND (similar_courses.similar_course_id = calculate_content_similarity.a)))
         )
  SELECT
         CASE
             WHEN (a = b) THEN 1.0000
             ELSE round((( SELECT COALESCE(sum(content.similarity), (0)::numeric) AS "coalesce"
                FROM content) + ( SELECT COALESCE(audience.similarity, (0)::numeric) AS "coalesce"
                FROM audience)), 4)
         END AS round
   WHERE ((EXISTS ( SELECT
            FROM public.courses
           WHERE (courses.id = calculate_content_similarity.a))) AND (EXISTS ( SELECT
            FROM public.courses
           WHERE (courses.id = calculate_content_similarity.b))));
END;
COMMENT ON FUNCTION public.calculate_content_similarity(pg_catalog.uuid,pg_catalog.uuid) IS 'Returns how similar two courses are, from 0 to 1; null where one does not exist.';

CREATE OR REPLACE FUNCTION public.compute_content_analytics(first_day date, last_day date)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    from_time constant timestamptz := first_day::timestamp AT TIME ZONE 'UTC';
    to_time constant timestamptz := (last_day + 1)::timestamp AT TIME ZONE 'UTC';
    changed bigint;
BEGIN
    WITH viewers AS MATERIALIZED (
        SELECT
            episode.course_id, history.user_id, (history.watched_at AT TIME ZONE 'UTC')::date AS day,
            count(*) AS views, sum(history.watch_duration) AS seconds,
            count(*) FILTER (WHERE history.watch_duration >= 0.9 * episode.video_duration) AS completed
        FROM watch_history history
        JOIN episodes episode ON episode.id = history.episode_id
        WHERE history.watched_at >= from_time AND history.watched_at < to_time
        GROUP BY episode.course_id, history.user_id, day
    ), watched_before AS MATERIALIZED (
        SELECT DISTINCT earlier.user_id, episode.course_id
        -- Not from viewers above, for which the planner would expect 200 users, whatever the range.
        FROM (
            SELECT DISTINCT user_id FROM watch_history WHERE watched_at >= from_time AND watched_at < to_time
        ) viewer
        JOIN watch_history earlier ON earlier.user_id = viewer.user_id AND earlier.watched_at < from_time
        JOIN episodes episode ON episode.id = earlier.episode_id
    ), newcomers AS (
        SELECT first.course_id, first.day, count(*) AS users
        FROM (SELECT course_id, user_id, min(day) AS day FROM viewers GROUP BY course_id, user_id) first
        LEFT JOIN watched_before before USING (user_id, course_id)
        WHERE before.user_id IS NULL
        GROUP BY first.course_id, first.day
    ), ratings AS (
        SELECT course_id, (created_at AT TIME ZONE 'UTC')::date AS day, avg(rating) AS rating
        FROM user_reviews
        WHERE is_approved AND created_at >= from_time AND created_at < to_time
        GROUP BY course_id, day
    ), days AS (
        SELECT
            course_id, day, sum(views) AS views, count(*) AS viewers, round(sum(seconds) / 60) AS minutes,
            sum(completed) / sum(views) AS completion_rate
        FROM viewers
        GROUP BY course_id, day
    )
    INSERT INTO content_analytics AS stored
    SELECT
        course_id, day, coalesce(days.views, 0), coalesce(days.viewers, 0), coalesce(days.minutes, 0),
        days.completion_rate, ratings.rating, coalesce(newcomers.users, 0)
    FROM days
    FULL JOIN ratings USING (course_id, day)
    LEFT JOIN newcomers USING (course_id, day)
    ON CONFLICT (date, course_id) DO UPDATE
    SET total_views = excluded.total_views, unique_viewers = excluded.unique_viewers,
        watch_time_minutes = excluded.watch_time_minutes, completion_rate = excluded.completion_rate,
        average_rating = excluded.average_rating, new_subscribers = excluded.new_subscribers
    WHERE stored.* IS DISTINCT FROM excluded.*;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$function$;
COMMENT ON FUNCTION public.compute_content_analytics(pg_catalog.date,pg_catalog.date) IS 'Computes content_analytics for a range of days in UTC, both ends included, and returns how many rows changed.';
REVOKE ALL ON ROUTINE public.compute_content_analytics(date,date) FROM PUBLIC;
GRANT ALL ON ROUTINE public.compute_content_analytics(date,date) TO doramaflix_owner;

CREATE OR REPLACE FUNCTION public.compute_user_engagement(first_day date, last_day date)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    from_time constant timestamptz := first_day::timestamp AT TIME ZONE 'UTC';
    to_time constant timestamptz := (last_day + 1)::timestamp AT TIME ZONE 'UTC';
    changed bigint;
BEGIN
    INSERT INTO user_engagement AS stored
    SELECT
        user_id, day, sum(sessions), sum(seconds), sum(episodes), sum(completed), sum(searches), sum(favorites),
        sum(reviews)
    FROM (
        SELECT
            user_id, day, count(*) FILTER (WHERE starts_session), sum(watch_duration), count(DISTINCT episode_id),
            count(DISTINCT episode_id) FILTER (WHERE is_complete), 0, 0, 0
        FROM (
            SELECT
                history.user_id, (history.watched_at AT TIME ZONE 'UTC')::date AS day, history.watch_duration,
                history.episode_id, history.watch_duration >= 0.9 * episode.video_duration AS is_complete,
                lag(history.watched_at + make_interval(secs => history.watch_duration)) OVER (
                    PARTITION BY history.user_id, (history.watched_at AT TIME ZONE 'UTC')::date
                    ORDER BY history.watched_at, history.id
                ) + interval '30 minutes' < history.watched_at IS NOT FALSE AS starts_session
            FROM watch_history history
            JOIN episodes episode ON episode.id = history.episode_id
            WHERE history.watched_at >= from_time AND history.watched_at < to_time
        ) viewing
        GROUP BY user_id, day
        UNION ALL
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, 0, 0, 0, 0, 1, 0, 0
        FROM search_queries
        WHERE user_id IS NOT NULL AND created_at >= from_time AND created_at < to_time
        UNION ALL
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, 0, 0, 0, 0, 0, 1, 0
        FROM user_favorites
        WHERE created_at >= from_time AND created_at < to_time
        UNION ALL
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, 0, 0, 0, 0, 0, 0, 1
        FROM user_reviews
        WHERE created_at >= from_time AND created_at < to_time
    ) done (user_id, day, sessions, seconds, episodes, completed, searches, favorites, reviews)
    GROUP BY user_id, day
    ON CONFLICT (user_id, date) DO UPDATE
    SET sessions_count = excluded.sessions_count, total_watch_time = excluded.total_watch_time,
        episodes_watched = excluded.episodes_watched, episodes_completed = excluded.episodes_completed,
        searches_count = excluded.searches_count, favorites_added = excluded.favorites_added,
        reviews_written = excluded.reviews_written
    WHERE stored.* IS DISTINCT FROM excluded.*;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$function$;
COMMENT ON FUNCTION public.compute_user_engagement(pg_catalog.date,pg_catalog.date) IS 'Computes user_engagement for a range of days in UTC, both ends included, and returns how many rows changed.';
REVOKE ALL ON ROUTINE public.compute_user_engagement(date,date) FROM PUBLIC;
GRANT ALL ON ROUTINE public.compute_user_engagement(date,date) TO doramaflix_owner;

CREATE OR REPLACE FUNCTION public.compute_daily_analytics(first_day date DEFAULT (((now() AT TIME ZONE 'UTC'::text))::date - 1), last_day date DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date)
 RETURNS TABLE(content_rows bigint, user_rows bigint)
 LANGUAGE sql
 ROWS 1
BEGIN ATOMIC
 SELECT public.compute_content_analytics(first_day, last_day) AS compute_content_analytics,
     public.compute_user_engagement(first_day, last_day) AS compute_user_engagement;
END;
COMMENT ON FUNCTION public.compute_daily_analytics(pg_catalog.date,pg_catalog.date) IS 'Computes content_analytics and user_engagement for a range of days in UTC, by default yesterday and today.';
REVOKE ALL ON ROUTINE public.compute_daily_analytics(date,date) FROM PUBLIC;
GRANT ALL ON ROUTINE public.compute_daily_analytics(date,date) TO doramaflix_owner;

CREATE OR REPLACE FUNCTION public.compute_similar_courses(as_of timestamp with time zone DEFAULT now())
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    written bigint;
BEGIN
    LOCK TABLE similar_courses IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM similar_courses;
    WITH watched AS MATERIALIZED (
        SELECT history.user_id, episode.course_id, max(history.watched_at) AS watched_at
        FROM watch_history history
        JOIN episodes episode ON episode.id = history.episode_id
        JOIN courses course ON course.id = episode.course_id AND course.status = 'published'
        WHERE history.watched_at > as_of - interval '90 days' AND history.watched_at <= as_of
        GROUP BY history.user_id, episode.course_id
    ), chosen AS (
        -- Identifiers are random, so the smallest are as good as any, and the same in each run.
        SELECT user_id FROM watched GROUP BY user_id HAVING count(*) > 1 ORDER BY user_id LIMIT 20000
    ), viewers AS MATERIALIZED (
        SELECT user_id, course_id
        FROM (
            SELECT
                user_id, course_id,
                row_number() OVER (PARTITION BY user_id ORDER BY watched_at DESC, course_id) AS place
            FROM watched
            JOIN chosen USING (user_id)
        ) latest
        WHERE place <= 10
    ), audiences AS MATERIALIZED (
        SELECT course_id, count(*)::double precision AS size FROM viewers GROUP BY course_id
    ), pairs AS MATERIALIZED (
        SELECT one.course_id AS one_id, other.course_id AS other_id, count(*)::double precision AS size
        FROM viewers one
        JOIN viewers other ON other.user_id = one.user_id AND other.course_id > one.course_id
        GROUP BY one.course_id, other.course_id
        HAVING count(*) > 1
    ), compared AS (
        SELECT pairs.one_id, pairs.other_id, (pairs.size / sqrt(one.size * other.size))::real AS similarity
        FROM pairs
        JOIN audiences one ON one.course_id = pairs.one_id
        JOIN audiences other ON other.course_id = pairs.other_id
    )
    INSERT INTO similar_courses (course_id, place, similar_course_id, similarity)
    SELECT course_id, place, similar_course_id, similarity
    FROM (
        SELECT
            course_id, similar_course_id, similarity,
            row_number() OVER (PARTITION BY course_id ORDER BY similarity DESC, similar_course_id) AS place
        FROM (
            SELECT one_id, other_id, similarity FROM compared
            UNION ALL
            SELECT other_id, one_id, similarity FROM compared
        ) both_ways (course_id, similar_course_id, similarity)
    ) ranked
    WHERE place <= 50;
    GET DIAGNOSTICS written = ROW_COUNT;
    -- With an unknown number of rows, the refresh of mv_user_recommendations took 9.8 s instead of 2.4 s.
    ANALYZE similar_courses;
    RETURN written;
END
$function$;
COMMENT ON FUNCTION public.compute_similar_courses(timestamp with time zone) IS 'Finds for each published course the at most 50 most similar ones, by the viewings of 90 days.';
REVOKE ALL ON ROUTINE public.compute_similar_courses(timestamp with time zone) FROM PUBLIC;
GRANT ALL ON ROUTINE public.compute_similar_courses(timestamp with time zone) TO doramaflix_owner;

CREATE OR REPLACE FUNCTION public.compute_trending(period text DEFAULT NULL::text, as_of date DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
    lengths constant jsonb := '{"daily": 1, "weekly": 7, "monthly": 30}'::jsonb;
    days constant integer := (lengths -> compute_trending.period)::integer;
    first_day constant date := compute_trending.as_of - days + 1;
    written bigint;
BEGIN
    IF compute_trending.period IS NULL THEN
        RETURN (
            SELECT sum(compute_trending(key, compute_trending.as_of))::bigint FROM jsonb_object_keys(lengths) key
        );
    ELSIF days IS NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('There is no period "%s".', compute_trending.period),
            HINT = 'Use daily, weekly or monthly.';
    END IF;
    -- Two runs for the same day one after the other; whoever reads goes on.
    LOCK TABLE trending_content IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM trending_content WHERE period = compute_trending.period AND period_start = first_day;
    INSERT INTO trending_content (course_id, trending_score, period, period_start, period_end, rank, category)
    SELECT course_id, score, compute_trending.period, first_day, compute_trending.as_of, place, category
    FROM (
        SELECT
            course_id, score, category,
            row_number() OVER (PARTITION BY category ORDER BY score DESC, course_id) AS place,
            row_number() OVER (PARTITION BY category, drama_origin ORDER BY score DESC, course_id) AS place_of_origin
        FROM (
            SELECT
                course_id,
                round(
                    sum(unique_viewers) FILTER (WHERE date >= first_day)::numeric / days
                    * least(3, greatest(0.5,
                        (10.0 + sum(total_views) FILTER (WHERE date >= first_day))
                        / (10.0 + coalesce(sum(total_views) FILTER (WHERE date < first_day), 0))
                    )), 4
                ) AS score
            FROM content_analytics
            WHERE date > compute_trending.as_of - 2 * days AND date <= compute_trending.as_of
            GROUP BY course_id
        ) scored
        JOIN courses ON courses.id = course_id AND courses.status = 'published'
        CROSS JOIN LATERAL (
            SELECT 'all'
            UNION ALL
            SELECT name FROM course_categories filed JOIN categories ON categories.id = category_id
            WHERE filed.course_id = scored.course_id
        ) filed_under (category)
        WHERE score > 0
    ) ranked
    WHERE place_of_origin <= 100;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$function$;
COMMENT ON FUNCTION public.compute_trending(pg_catalog.text,pg_catalog.date) IS 'Ranks the courses of a period that ends with a day, over all and in each category; returns the number of rows.';
REVOKE ALL ON ROUTINE public.compute_trending(text,date) FROM PUBLIC;
GRANT ALL ON ROUTINE public.compute_trending(text,date) TO doramaflix_owner;

CREATE OR REPLACE FUNCTION public.current_app_user()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (NULLIF(current_setting('doramaflix.user_id'::text, true), ''::text))::uuid;
ALTER FUNCTION public.current_app_user() OWNER TO doramaflix_owner;
COMMENT ON FUNCTION public.current_app_user() IS 'The user that the application acts for, from the setting doramaflix.user_id; null when it is unset or empty.';

CREATE OR REPLACE FUNCTION public.get_top_content_by_period(period text, origin public.drama_origin DEFAULT NULL::public.drama_origin, max_rows integer DEFAULT 10, category text DEFAULT 'all'::text, as_of date DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date)
 RETURNS TABLE(rank integer, course_id uuid, title character varying, drama_origin public.drama_origin, trending_score numeric, period_start date, period_end date)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
 SELECT (row_number() OVER (ORDER BY trending.rank))::integer AS row_number,
     courses.id,
     courses.title,
     courses.drama_origin,
     trending.trending_score,
     trending.period_start,
     trending.period_end
    FROM (public.trending_content trending
      JOIN public.courses ON ((courses.id = trending.course_id)))
   WHERE (((trending.period)::text = get_top_content_by_period.period) AND ((trending.category)::text = get_top_content_by_period.category) AND (trending.period_start = ( SELECT newest.period_start
            FROM public.trending_content newest
           WHERE (((newest.period)::text = get_top_content_by_period.period) AND ((newest.category)::text = get_top_content_by_period.category) AND (newest.period_end <= get_top_content_by_period.as_of))
           ORDER BY newest.period_start DESC
          LIMIT 1)) AND (courses.status = 'published'::public.content_status) AND ((get_top_content_by_period.origin IS NULL) OR (courses.drama_origin = get_top_content_by_period.origin)))
   ORDER BY trending.rank
  LIMIT get_top_content_by_period.max_rows;
END;
COMMENT ON FUNCTION public.get_top_content_by_period(pg_catalog.text,public.drama_origin,integer,pg_catalog.text,pg_catalog.date) IS 'Returns the best courses of the newest ranking of a period ("daily", "weekly", "monthly") up to a day.';

CREATE OR REPLACE FUNCTION public.get_user_viewing_patterns(user_id uuid, as_of timestamp with time zone DEFAULT now(), period interval DEFAULT '90 days'::interval, time_zone text DEFAULT 'UTC'::text)
 RETURNS TABLE(viewings bigint, courses bigint, episodes bigint, watch_seconds bigint, average_seconds numeric, completion_rate numeric, favorite_origin public.drama_origin, favorite_category character varying, favorite_hour integer, favorite_weekday integer, favorite_device text, favorite_quality public.video_quality, favorite_subtitles public.subtitle_language, last_watched_at timestamp with time zone)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
 WITH viewing AS MATERIALIZED (
          SELECT history.episode_id,
             history.watched_at,
             history.watch_duration,
             history.quality_watched,
             history.subtitles_used,
             (history.device_info ->> 'type'::text) AS device,
             watched.course_id,
             watched.drama_origin,
             (history.watched_at AT TIME ZONE get_user_viewing_patterns.time_zone) AS local_time,
             ((history.watch_duration)::numeric >= (0.9 * (watched.video_duration)::numeric)) AS is_complete
            FROM (public.watch_history history
              CROSS JOIN LATERAL ( SELECT episode.course_id,
                     episode.video_duration,
                     course.drama_origin
                    FROM (public.episodes episode
                      JOIN public.courses course ON ((course.id = episode.course_id)))
                   WHERE (episode.id = history.episode_id)
                  LIMIT 1) watched)
           WHERE ((history.user_id = get_user_viewing_patterns.user_id) AND (history.watched_at > (get_user_viewing_patterns.as_of - get_user_viewing_patterns.period)) AND (history.watched_at <= get_user_viewing_patterns.as_of))
         )
  SELECT count(*) AS count,
     count(DISTINCT viewing.course_id) AS count,
     count(DISTINCT viewing.episode_id) AS count,
     COALESCE(sum(viewing.watch_duration), (0)::bigint) AS "coalesce",
     round(avg(viewing.watch_duration), 1) AS round,
     round(avg((viewing.is_complete)::integer), 4) AS round,
     mode() WITHIN GROUP (ORDER BY viewing.drama_origin) AS mode,
     ( SELECT category.name
            FROM ((viewing watched
              JOIN public.course_categories filed ON ((filed.course_id = watched.course_id)))
              JOIN public.categories category ON ((category.id = filed.category_id)))
           GROUP BY category.name
           ORDER BY (count(*)) DESC, category.name
          LIMIT 1) AS name,
     mode() WITHIN GROUP (ORDER BY ((EXTRACT(hour FROM viewing.local_time))::integer)) AS mode,
     mode() WITHIN GROUP (ORDER BY ((EXTRACT(isodow FROM viewing.local_time))::integer)) AS mode,
     mode() WITHIN GROUP (ORDER BY viewing.device) AS mode,
     mode() WITHIN GROUP (ORDER BY viewing.quality_watched) AS mode,
     mode() WITHIN GROUP (ORDER BY viewing.subtitles_used) AS mode,
     max(viewing.watched_at) AS max
    FROM viewing;
END;
COMMENT ON FUNCTION public.get_user_viewing_patterns(pg_catalog.uuid,timestamp with time zone,interval,pg_catalog.text) IS 'Returns one row that says how a user watched in the time before a moment: how much, what, when and how.';

CREATE OR REPLACE FUNCTION public.record_progress(user_id uuid, episode_id uuid, seconds integer, completed boolean DEFAULT false, as_of timestamp with time zone DEFAULT now())
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
    year_start constant timestamptz := date_trunc('year', record_progress.as_of, 'UTC');
    newest timestamptz;
BEGIN
    -- Under a snapshot that is older than the lock, the row of the call before would not be seen.
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE invalid_transaction_state USING
            MESSAGE = 'record_progress() cannot run in a transaction with the isolation level REPEATABLE READ.',
            HINT = 'Use READ COMMITTED, or SERIALIZABLE and repeat the transaction when it fails.';
    END IF;
    PERFORM pg_advisory_xact_lock(
        uuid_hash_extended(record_progress.episode_id, uuid_hash_extended(record_progress.user_id, 0))
    );
    SELECT max(last_watched_at) INTO newest
    FROM user_progress
    WHERE user_id = record_progress.user_id AND episode_id = record_progress.episode_id
        AND last_watched_at BETWEEN year_start AND record_progress.as_of;
    IF newest IS NULL THEN
        SELECT max(last_watched_at) INTO newest
        FROM user_progress
        WHERE user_id = record_progress.user_id AND episode_id = record_progress.episode_id;
    END IF;
    IF newest > record_progress.as_of THEN
        RETURN false;
    ELSIF newest IS NULL THEN
        INSERT INTO user_progress (user_id, episode_id, progress_seconds, completed, last_watched_at)
        VALUES (
            record_progress.user_id, record_progress.episode_id, record_progress.seconds, record_progress.completed,
            record_progress.as_of
        );
    ELSE
        UPDATE user_progress
        SET progress_seconds = record_progress.seconds, completed = record_progress.completed,
            last_watched_at = record_progress.as_of
        WHERE user_id = record_progress.user_id AND episode_id = record_progress.episode_id
            AND last_watched_at = newest;
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION public.record_progress(pg_catalog.uuid,pg_catalog.uuid,integer,boolean,timestamp with time zone) IS 'Records how far a user has watched an episode, in one row for the two; false if a later viewing is there.';
REVOKE ALL ON ROUTINE public.record_progress(uuid,uuid,integer,boolean,timestamp with time zone) FROM PUBLIC;
GRANT ALL ON ROUTINE public.record_progress(uuid,uuid,integer,boolean,timestamp with time zone) TO doramaflix_app;

CREATE OR REPLACE FUNCTION public.refresh_all_analytics_views(mode text DEFAULT 'auto'::text)
 RETURNS TABLE(view text, mode_used text, reason text, row_count bigint, duration interval, error text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM compute_similar_courses();
    RETURN QUERY
        SELECT r.view_name::text, r.mode, r.reason, r.row_count, r.duration, r.error
        FROM refresh_materialized_views(mode => refresh_all_analytics_views.mode) r;
END
$function$;
COMMENT ON FUNCTION public.refresh_all_analytics_views(pg_catalog.text) IS 'Computes similar_courses and refreshes every materialized view of which something has changed, in one transaction.';
REVOKE ALL ON ROUTINE public.refresh_all_analytics_views(text) FROM PUBLIC;
GRANT ALL ON ROUTINE public.refresh_all_analytics_views(text) TO doramaflix_owner;

CREATE OR REPLACE FUNCTION public.search_query(query text)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (string_agg(parts.lexeme, ' & '::text))::tsquery AS string_agg
    FROM ( SELECT
                 CASE
                     WHEN (length(search_runs.run) > 1) THEN (search_runs.run || ':*'::text)
                     ELSE search_runs.run
                 END AS lexeme
            FROM public.search_runs("left"(search_query.query, 200)) search_runs(run, is_word, place)
           WHERE search_runs.is_word
         UNION
          SELECT
                 CASE
                     WHEN (length(part.part) > 1) THEN substr(part.part, start.start, 2)
                     ELSE (part.part || ':*'::text)
                 END AS "case"
            FROM ((public.search_runs("left"(search_query.query, 200)) search_runs(run, is_word, place)
              CROSS JOIN LATERAL regexp_split_to_table(search_runs.run, ' +'::text) part(part))
              CROSS JOIN LATERAL generate_series(1, GREATEST((length(part.part) - 1), 1)) start(start))
           WHERE ((NOT search_runs.is_word) AND (part.part <> ''::text))
  LIMIT 16) parts;
END;
COMMENT ON FUNCTION public.search_query(pg_catalog.text) IS 'Turns what a user typed into a query for courses.search_vector; null where nothing can be searched for.';

CREATE OR REPLACE FUNCTION public.search_courses(query text, origin public.drama_origin DEFAULT NULL::public.drama_origin, max_rows integer DEFAULT 20)
 RETURNS TABLE(course_id uuid, title character varying, original_title character varying, drama_origin public.drama_origin, rating numeric, popularity integer, relevance real)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
 WITH typed AS MATERIALIZED (
          SELECT public.search_query(search_courses.query) AS terms
         ), popular AS MATERIALIZED (
          SELECT first.id,
             first.popularity,
             ts_rank(first.search_vector, typed.terms) AS relevance
            FROM (typed
              CROSS JOIN ( SELECT courses_1.id,
                     courses_1.title,
                     courses_1.description,
                     courses_1.thumbnail_url,
                     courses_1.status,
                     courses_1.age_rating,
                     courses_1.production_year,
                     courses_1.total_episodes,
                     courses_1.total_views,
                     courses_1.rating,
                     courses_1.popularity,
                     courses_1.created_at,
                     courses_1.updated_at,
                     courses_1.original_title,
                     courses_1.drama_origin,
                     courses_1.original_language,
                     courses_1.search_vector
                    FROM public.courses courses_1
                   ORDER BY courses_1.popularity DESC, courses_1.created_at DESC
                  LIMIT 1000) first)
           WHERE ((first.search_vector @@ typed.terms) AND (first.status = 'published'::public.content_status) AND ((search_courses.origin IS NULL) OR (first.drama_origin = search_courses.origin)))
         ), best AS (
          SELECT candidates.id,
             candidates.relevance
            FROM ( SELECT popular.id,
                     popular.popularity,
                     popular.relevance
                    FROM popular
                 UNION
                  SELECT found.id,
                     found.popularity,
                     found.ts_rank
                    FROM (typed
                      CROSS JOIN LATERAL ( SELECT courses_1.id,
                             courses_1.popularity,
                             ts_rank(courses_1.search_vector, typed.terms) AS ts_rank
                            FROM public.courses courses_1
                           WHERE ((courses_1.search_vector @@ typed.terms) AND (courses_1.status = 'published'::public.content_status) AND ((search_courses.origin IS NULL) OR (courses_1.drama_origin = search_courses.origin)))
                          LIMIT 500) found)
                   WHERE (( SELECT count(*) AS count
                            FROM popular) < 50)) candidates
           ORDER BY candidates.relevance DESC, candidates.popularity DESC, candidates.id
          LIMIT search_courses.max_rows
         )
  SELECT courses.id,
     courses.title,
     courses.original_title,
     courses.drama_origin,
     courses.rating,
     courses.popularity,
     best.relevance
    FROM (best
      JOIN public.courses USING (id))
   ORDER BY best.relevance DESC, courses.popularity DESC, courses.id;
END;
COMMENT ON FUNCTION public.search_courses(pg_catalog.text,public.drama_origin,integer) IS 'Finds the published courses whose titles or description hold all that was typed, the best first.';

CREATE OR REPLACE FUNCTION public.set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$function$;
ALTER FUNCTION public.set_updated_at() OWNER TO doramaflix_owner;
COMMENT ON FUNCTION public.set_updated_at() IS 'Sets updated_at to the time of the transaction.';

CREATE OR REPLACE FUNCTION public.user_credentials(email text)
 RETURNS TABLE(id uuid, password_hash text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT users.id,
     (users.password_hash)::text AS password_hash
    FROM public.users
   WHERE ((users.email)::text = user_credentials.email);
END;
ALTER FUNCTION public.user_credentials(pg_catalog.text) OWNER TO doramaflix_owner;
COMMENT ON FUNCTION public.user_credentials(pg_catalog.text) IS 'The id and the password hash of the account with this address, to check a login.';
REVOKE ALL ON ROUTINE public.user_credentials(text) FROM PUBLIC;
GRANT ALL ON ROUTINE public.user_credentials(text) TO doramaflix_app;

CREATE VIEW public.duplicate_progress
WITH (security_invoker = 'true') AS
 SELECT user_id,
    episode_id,
    count(*) AS row_count,
    max(last_watched_at) AS current_row,
    min(last_watched_at) AS oldest_row
   FROM public.user_progress
  GROUP BY user_id, episode_id
 HAVING (count(*) > 1);
COMMENT ON VIEW public.duplicate_progress IS 'Pairs of a user and an episode with more than one row in user_progress.';
COMMENT ON COLUMN public.duplicate_progress.current_row IS 'last_watched_at of the row that counts; the others can be deleted.';
GRANT SELECT ON TABLE public.duplicate_progress TO doramaflix_owner;

CREATE MATERIALIZED VIEW public.mv_content_dashboard AS
 SELECT courses.id AS course_id,
    courses.title,
    courses.drama_origin,
    courses.rating,
    COALESCE(recent.views, (0)::bigint) AS views,
    COALESCE(recent.viewers, (0)::bigint) AS viewers,
    COALESCE(recent.watch_time_minutes, (0)::bigint) AS watch_time_minutes,
    recent.completion_rate,
    COALESCE(recent.new_subscribers, (0)::bigint) AS new_subscribers,
    COALESCE(favorites.favorites_added, (0)::bigint) AS favorites_added,
    round(((((10)::double precision * log(((1)::double precision + (COALESCE(recent.views, (0)::bigint))::double precision))) * ((((0.5 * COALESCE(recent.completion_rate, (0)::numeric)) + ((0.3 * COALESCE(courses.rating, (0)::numeric)) / (5)::numeric)) + (0.2 * COALESCE(LEAST((1)::numeric, ((favorites.favorites_added)::numeric / (NULLIF(recent.viewers, 0))::numeric)), (0)::numeric))))::double precision))::numeric, 2) AS engagement_score
   FROM ((public.courses
     LEFT JOIN ( SELECT content_analytics.course_id,
            sum(content_analytics.total_views) AS views,
            sum(content_analytics.unique_viewers) AS viewers,
            sum(content_analytics.watch_time_minutes) AS watch_time_minutes,
            round((sum((content_analytics.completion_rate * (content_analytics.total_views)::numeric)) / (NULLIF(sum(content_analytics.total_views), 0))::numeric), 4) AS completion_rate,
            sum(content_analytics.new_subscribers) AS new_subscribers
           FROM public.content_analytics
          WHERE ((content_analytics.date >= (((now() AT TIME ZONE 'UTC'::text))::date - 29)) AND (content_analytics.date <= ((now() AT TIME ZONE 'UTC'::text))::date))
          GROUP BY content_analytics.course_id) recent ON ((recent.course_id = courses.id)))
     LEFT JOIN ( SELECT user_favorites.course_id,
            count(*) AS favorites_added
           FROM public.user_favorites
          WHERE (user_favorites.created_at >= (((((now() AT TIME ZONE 'UTC'::text))::date - 29))::timestamp without time zone AT TIME ZONE 'UTC'::text))
          GROUP BY user_favorites.course_id) favorites ON ((favorites.course_id = courses.id)))
  WHERE (courses.status = 'published'::public.content_status);
ALTER MATERIALIZED VIEW public.mv_content_dashboard OWNER TO doramaflix_owner;
COMMENT ON MATERIALIZED VIEW public.mv_content_dashboard IS 'How each published course did in the last 30 days, in UTC.';
COMMENT ON COLUMN public.mv_content_dashboard.viewers IS 'The sum of the viewers of each day: who came on two days counts twice.';
COMMENT ON COLUMN public.mv_content_dashboard.completion_rate IS 'Share of the views that reached the end; null without one.';
COMMENT ON COLUMN public.mv_content_dashboard.engagement_score IS '10 × log10(1 + views) × (0.5 × completion_rate + 0.3 × rating / 5 + 0.2 × favorites_added / viewers, at most 1).';
GRANT SELECT ON TABLE public.mv_content_dashboard TO doramaflix_app;
GRANT SELECT ON TABLE public.mv_content_dashboard TO doramaflix_readonly;
CREATE UNIQUE INDEX mv_content_dashboard_course ON public.mv_content_dashboard USING btree (course_id);
CREATE INDEX mv_content_dashboard_score ON public.mv_content_dashboard USING btree (drama_origin, engagement_score DESC);

CREATE MATERIALIZED VIEW public.mv_popular_content AS
 SELECT courses.id,
    courses.title,
    courses.drama_origin,
    courses.rating,
    courses.popularity,
    COALESCE(favorites.favorites_count, (0)::bigint) AS favorites_count,
    COALESCE(reviews.reviews_count, (0)::bigint) AS reviews_count,
    reviews.user_rating
   FROM ((public.courses
     LEFT JOIN ( SELECT user_favorites.course_id,
            count(*) AS favorites_count
           FROM public.user_favorites
          GROUP BY user_favorites.course_id) favorites ON ((favorites.course_id = courses.id)))
     LEFT JOIN ( SELECT user_reviews.course_id,
            count(*) AS reviews_count,
            round(avg(user_reviews.rating), 2) AS user_rating
           FROM public.user_reviews
          WHERE user_reviews.is_approved
          GROUP BY user_reviews.course_id) reviews ON ((reviews.course_id = courses.id)))
  WHERE (courses.status = 'published'::public.content_status);
ALTER MATERIALIZED VIEW public.mv_popular_content OWNER TO doramaflix_owner;
COMMENT ON MATERIALIZED VIEW public.mv_popular_content IS 'The published courses with their favourites and approved reviews.';
COMMENT ON COLUMN public.mv_popular_content.popularity IS 'What to order by; a materialized view has no order of its own.';
COMMENT ON COLUMN public.mv_popular_content.user_rating IS 'Average of the approved reviews, 0 to 5; null before the first.';
GRANT SELECT ON TABLE public.mv_popular_content TO doramaflix_app;
GRANT SELECT ON TABLE public.mv_popular_content TO doramaflix_readonly;
CREATE UNIQUE INDEX mv_popular_content_id ON public.mv_popular_content USING btree (id);
CREATE INDEX mv_popular_content_origin ON public.mv_popular_content USING btree (drama_origin, popularity DESC);

CREATE MATERIALIZED VIEW public.mv_search_analytics AS
 WITH normalised AS MATERIALIZED (
         SELECT texts.typed,
            btrim(regexp_replace(public.search_text((texts.typed)::text), ' +'::text, ' '::text, 'g'::text)) AS query
           FROM ( SELECT DISTINCT search_queries.query AS typed
                   FROM public.search_queries
                  WHERE (search_queries.created_at > (now() - '30 days'::interval))) texts
        )
 SELECT query,
    search_count,
    users_count,
    click_rate,
    average_results,
    last_searched_at,
        CASE
            WHEN (average_results = (0)::numeric) THEN 'no_results'::text
            WHEN (click_rate >= 0.5) THEN 'high_engagement'::text
            WHEN (click_rate >= 0.2) THEN 'medium_engagement'::text
            ELSE 'low_engagement'::text
        END AS engagement_category
   FROM ( SELECT normalised.query,
            count(*) AS search_count,
            (count(DISTINCT searches.user_id) + count(*) FILTER (WHERE (searches.user_id IS NULL))) AS users_count,
            round(avg((searches.clicked)::integer), 4) AS click_rate,
            round(avg(searches.results), 1) AS average_results,
            max(searches.created_at) AS last_searched_at
           FROM (public.search_queries searches
             JOIN normalised ON (((normalised.typed)::text = (searches.query)::text)))
          WHERE ((searches.created_at > (now() - '30 days'::interval)) AND (normalised.query <> ''::text))
          GROUP BY normalised.query) counted
  WHERE (users_count >= 3);
ALTER MATERIALIZED VIEW public.mv_search_analytics OWNER TO doramaflix_owner;
COMMENT ON MATERIALIZED VIEW public.mv_search_analytics IS 'What at least 3 users searched for in the last 30 days, without accents and in lower case.';
COMMENT ON COLUMN public.mv_search_analytics.users_count IS 'Accounts, and each search of a visitor without one.';
COMMENT ON COLUMN public.mv_search_analytics.click_rate IS 'Share of the searches after which a course was opened.';
COMMENT ON COLUMN public.mv_search_analytics.engagement_category IS 'no_results if nothing was found; else by click_rate: high_engagement from 0.5, medium_engagement from 0.2.';
GRANT SELECT ON TABLE public.mv_search_analytics TO doramaflix_app;
GRANT SELECT ON TABLE public.mv_search_analytics TO doramaflix_readonly;
CREATE INDEX mv_search_analytics_category ON public.mv_search_analytics USING btree (engagement_category, search_count DESC);
CREATE UNIQUE INDEX mv_search_analytics_query ON public.mv_search_analytics USING btree (query);

CREATE MATERIALIZED VIEW public.mv_user_insights AS
 SELECT users.id AS user_id,
    COALESCE(recent.active_days, (0)::bigint) AS active_days,
    COALESCE(recent.sessions_count, (0)::bigint) AS sessions_count,
    COALESCE(recent.watch_seconds, (0)::bigint) AS watch_seconds,
    COALESCE(recent.episodes_watched, (0)::bigint) AS episodes_watched,
    COALESCE(recent.episodes_completed, (0)::bigint) AS episodes_completed,
    COALESCE(recent.searches_count, (0)::bigint) AS searches_count,
    recent.last_active_on,
        CASE
            WHEN (recent.active_days IS NULL) THEN 'inactive'::text
            WHEN (recent.active_days < 4) THEN 'low'::text
            WHEN (recent.active_days < 12) THEN 'medium'::text
            ELSE 'high'::text
        END AS engagement_level
   FROM (public.users
     LEFT JOIN ( SELECT user_engagement.user_id,
            count(*) AS active_days,
            sum(user_engagement.sessions_count) AS sessions_count,
            sum(user_engagement.total_watch_time) AS watch_seconds,
            sum(user_engagement.episodes_watched) AS episodes_watched,
            sum(user_engagement.episodes_completed) AS episodes_completed,
            sum(user_engagement.searches_count) AS searches_count,
            max(user_engagement.date) AS last_active_on
           FROM public.user_engagement
          WHERE ((user_engagement.date >= (((now() AT TIME ZONE 'UTC'::text))::date - 29)) AND (user_engagement.date <= ((now() AT TIME ZONE 'UTC'::text))::date))
          GROUP BY user_engagement.user_id) recent ON ((recent.user_id = users.id)));
ALTER MATERIALIZED VIEW public.mv_user_insights OWNER TO doramaflix_owner;
COMMENT ON MATERIALIZED VIEW public.mv_user_insights IS 'What each user did in the last 30 days, in UTC.';
COMMENT ON COLUMN public.mv_user_insights.active_days IS 'Days with a viewing, a search, a favourite or a review.';
COMMENT ON COLUMN public.mv_user_insights.last_active_on IS 'Null if that is more than 30 days ago.';
COMMENT ON COLUMN public.mv_user_insights.engagement_level IS 'By active_days: inactive with none, low with 1 to 3, medium with 4 to 11, high from 12.';
CREATE UNIQUE INDEX mv_user_insights_user ON public.mv_user_insights USING btree (user_id);

CREATE MATERIALIZED VIEW public.mv_user_recommendations AS
 SELECT viewer.user_id,
    recommended.course_id,
    recommended.recommendation_score
   FROM ((( SELECT recent.user_id,
            array_agg(recent.course_id ORDER BY recent.place) AS course_ids,
            (count(*))::integer AS courses
           FROM ( SELECT history.user_id,
                    episodes.course_id,
                    row_number() OVER (PARTITION BY history.user_id ORDER BY (max(history.watched_at)) DESC, episodes.course_id) AS place
                   FROM (public.watch_history history
                     JOIN public.episodes ON ((episodes.id = history.episode_id)))
                  WHERE ((history.watched_at > (now() - '90 days'::interval)) AND (history.watched_at <= now()))
                  GROUP BY history.user_id, episodes.course_id) recent
          WHERE (recent.place <= 5)
          GROUP BY recent.user_id) viewer
     LEFT JOIN ( SELECT user_progress.user_id,
            array_agg(episodes.course_id) AS course_ids
           FROM (public.user_progress
             JOIN public.episodes ON ((episodes.id = user_progress.episode_id)))
          GROUP BY user_progress.user_id) watched USING (user_id))
     CROSS JOIN LATERAL ( SELECT candidates.course_id,
            sum(candidates.score) AS recommendation_score
           FROM ( SELECT similar_courses.similar_course_id AS course_id,
                    (similar_courses.similarity * recent.weight) AS score
                   FROM (UNNEST(viewer.course_ids, '{1,0.8,0.6,0.4,0.2}'::real[]) recent(course_id, weight)
                     JOIN public.similar_courses ON (((similar_courses.course_id = recent.course_id) AND (similar_courses.place <= (50 / viewer.courses)))))
                UNION ALL
                 SELECT unnest((viewer.course_ids || watched.course_ids)) AS unnest,
                    NULL::real) candidates
          GROUP BY candidates.course_id
         HAVING (count(*) = count(candidates.score))) recommended);
ALTER MATERIALIZED VIEW public.mv_user_recommendations OWNER TO doramaflix_owner;
COMMENT ON MATERIALIZED VIEW public.mv_user_recommendations IS 'At most 50 courses for each user who watched something in the last 90 days, similar to those watched last.';
COMMENT ON COLUMN public.mv_user_recommendations.recommendation_score IS 'Sum of the similarities to the last 5 courses of the user: the last counts 1, those before 0.8, 0.6, 0.4, 0.2.';
CREATE UNIQUE INDEX mv_user_recommendations_user_course ON public.mv_user_recommendations USING btree (user_id, course_id);

CREATE VIEW public.my_insights
WITH (security_barrier = 'true') AS
 SELECT user_id,
    active_days,
    sessions_count,
    watch_seconds,
    episodes_watched,
    episodes_completed,
    searches_count,
    last_active_on,
    engagement_level
   FROM public.mv_user_insights
  WHERE (user_id = ( SELECT public.current_app_user() AS current_app_user));
ALTER VIEW public.my_insights OWNER TO doramaflix_owner;
COMMENT ON VIEW public.my_insights IS 'The current user''s row of mv_user_insights.';
GRANT SELECT ON TABLE public.my_insights TO doramaflix_app;

CREATE VIEW public.my_recommendations
WITH (security_barrier = 'true') AS
 SELECT recommended.user_id,
    recommended.course_id,
    recommended.recommendation_score
   FROM (public.mv_user_recommendations recommended
     JOIN public.courses ON (((courses.id = recommended.course_id) AND (courses.status = 'published'::public.content_status))))
  WHERE (recommended.user_id = ( SELECT public.current_app_user() AS current_app_user));
ALTER VIEW public.my_recommendations OWNER TO doramaflix_owner;
COMMENT ON VIEW public.my_recommendations IS 'The current user''s rows of mv_user_recommendations, without courses that have been withdrawn since its refresh.';
GRANT SELECT ON TABLE public.my_recommendations TO doramaflix_app;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.categories FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.courses FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.episodes FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.persons FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.seasons FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.subtitles FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.tags FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.user_progress FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.user_reviews FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.user_watch_status FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.video_qualities FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE POLICY own_rows ON public.search_queries TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)));
CREATE POLICY visitors ON public.search_queries FOR INSERT TO doramaflix_app
    WITH CHECK (((user_id IS NULL) AND (( SELECT public.current_app_user() AS current_app_user) IS NULL)));

CREATE POLICY own_rows ON public.user_engagement TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)));

CREATE POLICY own_rows ON public.user_favorites TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)));

CREATE POLICY own_rows ON public.user_progress TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)));

CREATE POLICY approved_rows ON public.user_reviews FOR SELECT TO doramaflix_app
    USING (is_approved);
CREATE POLICY own_rows ON public.user_reviews TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)))
    WITH CHECK (((user_id = ( SELECT public.current_app_user() AS current_app_user)) AND (NOT is_approved)));

CREATE POLICY own_rows ON public.user_watch_status TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)));

CREATE POLICY own_rows ON public.users TO doramaflix_app
    USING ((id = ( SELECT public.current_app_user() AS current_app_user)));

CREATE POLICY own_rows ON public.watch_history TO doramaflix_app
    USING ((user_id = ( SELECT public.current_app_user() AS current_app_user)));

COMMIT;
