-- The catalogue: categories, tags, courses with their seasons and episodes, and the files of these.

INSERT INTO categories (id, name, slug, description, created_at, updated_at)
SELECT
    pg_temp.seed_uuid('category', no),
    name,
    replace(lower(name), ' ', '-'),
    'Series and films: ' || lower(name),
    run.first_day - 1460,
    run.first_day - 1460
FROM seed_run run, unnest(ARRAY[
    'Romance', 'Drama', 'Comedy', 'Thriller', 'Fantasy', 'Historical', 'Action', 'Crime', 'Medical', 'School', 'Mystery',
    'Family', 'Horror', 'Music', 'Slice of Life', 'Sports'
]) WITH ORDINALITY category (name, no)
ON CONFLICT DO NOTHING;

INSERT INTO tags (id, name, slug, created_at, updated_at)
SELECT pg_temp.seed_uuid('tag', no), name, replace(name, ' ', '-'), run.first_day - 1460, run.first_day - 1460
FROM seed_run run, unnest(ARRAY[
    'time travel', 'enemies to lovers', 'first love', 'revenge', 'chaebol', 'contract marriage', 'office romance',
    'love triangle', 'ghosts', 'found family', 'survival game', 'royal court', 'martial arts', 'idols', 'hospital',
    'courtroom', 'reincarnation', 'amnesia', 'cooking', 'coming of age', 'slow burn', 'based on a webtoon',
    'based on a true story', 'strong female lead'
]) WITH ORDINALITY tag (name, no)
ON CONFLICT DO NOTHING;

INSERT INTO courses (
    id, title, description, thumbnail_url, status, age_rating, production_year, total_episodes, total_views, rating,
    popularity, created_at, updated_at, original_title, drama_origin, original_language
)
SELECT
    id,
    title,
    format(
        '%s about %s and %s.',
        pg_temp.chosen('story', no, '{A tender story,A dark tale,A comedy,A race against time,A quiet portrait}'),
        pg_temp.chosen('hero', no, '{a young doctor,two old friends,a lost prince,a stubborn lawyer,a shy singer}'),
        pg_temp.chosen('matter', no, '{a secret,a promise,a second chance,the past,one long winter}')
    ),
    format('https://images.example.com/courses/%s.jpg', id),
    status,
    (ARRAY['L', '10', '12', '12', '14', '14', '16', '18'])[1 + floor(pg_temp.roll('age', no) * 8)::integer],
    year,
    episodes,
    coalesce(watched.views, 0),
    reviewed.rating,
    -- The viewings of the last 30 days.
    coalesce(watched.recent, 0),
    released_at,
    released_at,
    original_title,
    origin,
    language
FROM seed_courses
LEFT JOIN (
    SELECT course_no, count(*) AS views, count(*) FILTER (WHERE watched_at >= run.as_of - 30) AS recent
    FROM seed_viewings, seed_run run
    GROUP BY course_no
) watched ON watched.course_no = no
LEFT JOIN (
    SELECT course_no, round(avg(rating::numeric), 2) AS rating FROM seed_reviews WHERE is_approved GROUP BY course_no
) reviewed ON reviewed.course_no = no
ORDER BY no;

-- One to three categories and up to three tags each; a number that comes twice counts once.
INSERT INTO course_categories (course_id, category_id)
SELECT DISTINCT seed_courses.id, categories.id
FROM seed_courses
CROSS JOIN generate_series(1, 1 + floor(pg_temp.roll('categories', no) * 3)::integer) place
JOIN categories ON categories.slug = pg_temp.chosen('category of course', no * 4 + place, ARRAY[
    'romance', 'romance', 'romance', 'drama', 'drama', 'comedy', 'comedy', 'thriller', 'fantasy', 'historical', 'action',
    'crime', 'medical', 'school', 'mystery', 'family', 'horror', 'music', 'slice-of-life', 'sports'
])
ORDER BY 1, 2;

INSERT INTO course_tags (course_id, tag_id)
SELECT DISTINCT seed_courses.id, tag.id
FROM seed_courses
CROSS JOIN generate_series(1, floor(pg_temp.roll('tags', no) * 4)::integer) place
JOIN (
    SELECT id, row_number() OVER (ORDER BY slug COLLATE "C") AS no, count(*) OVER () AS number FROM tags
) tag ON tag.no = 1 + floor(pg_temp.roll('tag of course', seed_courses.no * 4 + place) * tag.number)::integer
ORDER BY 1, 2;

INSERT INTO seasons (id, course_id, season_number, title, created_at, updated_at)
SELECT
    pg_temp.seed_uuid('season', no * 2 + season), id, season, format('Season %s', season), released_at, released_at
FROM seed_courses, generate_series(1, seasons) season
WHERE seasons > 1
ORDER BY no, season;

INSERT INTO episodes (
    id, course_id, season_id, title, episode_number, video_duration, rating, air_date, created_at, updated_at,
    original_title
)
SELECT
    episode.id,
    course.id,
    CASE WHEN course.seasons > 1 THEN pg_temp.seed_uuid('season', course.no * 2 + episode.season_number) END,
    CASE WHEN course.episodes = 1 THEN course.title ELSE format('Episode %s', episode.number_in_season) END,
    episode.number_in_season,
    episode.seconds,
    round(least(5, course.quality + 0.3 * (pg_temp.roll('episode rating', episode.no) - 0.5))::numeric, 2),
    episode.air_date,
    course.released_at,
    course.released_at,
    CASE
        WHEN course.episodes = 1 THEN course.original_title
        WHEN course.origin = 'korean' THEN format('제%s화', episode.number_in_season)
        WHEN course.origin = 'japanese' THEN format('第%s話', episode.number_in_season)
        WHEN course.origin IN ('chinese', 'taiwanese', 'hong_kong') THEN format('第%s集', episode.number_in_season)
        WHEN course.origin = 'thai' THEN format('ตอนที่ %s', episode.number_in_season)
    END
FROM seed_episodes episode
JOIN seed_courses course ON course.no = episode.course_no
ORDER BY episode.no;

-- The smallest picture always, the largest seldom.
INSERT INTO video_qualities (id, episode_id, quality_type, video_url, file_size, bitrate, created_at, updated_at)
SELECT
    pg_temp.seed_uuid('video', episode.no * 4 + quality.place),
    episode.id,
    quality.type,
    format('https://videos.example.com/%s/%s.m3u8', episode.id, quality.type),
    episode.seconds::bigint * quality.bitrate * 125,
    quality.bitrate,
    course.released_at,
    course.released_at
FROM seed_episodes episode
JOIN seed_courses course ON course.no = episode.course_no
JOIN (
    VALUES
        (0, 'SD_480p'::video_quality, 1200, 1),
        (1, 'HD_720p', 2800, 0.97),
        (2, 'FHD_1080p', 5500, 0.8),
        (3, 'UHD_4K', 16000, 0.12)
) quality (place, type, bitrate, share) ON pg_temp.roll('qualities', course.no) < quality.share
ORDER BY episode.no, quality.place;

INSERT INTO subtitles (id, episode_id, language, file_url, is_default, created_at, updated_at)
SELECT
    pg_temp.seed_uuid('subtitle', episode.no * 8 + language.place),
    episode.id,
    language.name,
    format('https://videos.example.com/%s/%s.vtt', episode.id, language.name),
    language.place = 0,
    course.released_at,
    course.released_at
FROM seed_episodes episode
JOIN seed_courses course ON course.no = episode.course_no
JOIN (
    VALUES
        (0, 'portuguese'::subtitle_language, 1),
        (1, 'english', 0.95),
        (2, 'spanish', 0.8),
        (3, 'french', 0.3),
        (4, 'italian', 0.2)
) language (place, name, share) ON pg_temp.roll('subtitles', course.no) < language.share
ORDER BY episode.no, language.place;
