/**
 * What the document that this database was built from names, in its order and under its headings. Types are written as
 * format_type() of PostgreSQL writes them. Left out are `total_time` and `mean_time` of pg_stat_statements, which no
 * supported server has, and the functions `create_…_partition`, which belong to the partitions.
 */

/** Types by column, by table. */
type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const extensions = ["uuid-ossp", "pgcrypto", "pg_trgm", "unaccent", "pg_stat_statements"];

/** Labels of the enums in their order; where the document ends with "etc.", there may be more. */
export const enums: Readonly<Record<string, readonly string[]>> = {
  drama_origin: ["korean", "japanese", "chinese"],
  content_status: ["published"],
  video_quality: ["SD_480p", "HD_720p", "FHD_1080p", "UHD_4K"],
  subtitle_language: ["portuguese", "english", "spanish"],
  watch_status: ["not_started", "watching", "completed", "dropped", "on_hold"],
};

export const coreEntities: Tables = {
  // Users & Authentication
  users: {
    id: "uuid",
    email: "character varying(255)",
    password_hash: "character varying(255)",
    first_name: "character varying(100)",
    last_name: "character varying(100)",
    subscription_tier: "character varying(20)",
    favorite_genres: "character varying(50)[]",
    total_watch_time: "integer",
    display_name: "character varying(100)",
    bio: "character varying(500)",
    preferred_subtitle_language: "text",
    max_content_rating: "character varying(10)",
  },
  // Content Management
  courses: {
    id: "uuid",
    title: "character varying(255)",
    original_title: "character varying(255)",
    drama_origin: "drama_origin",
    original_language: "character varying(50)",
    production_year: "integer",
    total_episodes: "integer",
    age_rating: "character varying(10)",
    rating: "numeric(3,2)",
    popularity: "integer",
    search_vector: "tsvector",
    description: "text",
    thumbnail_url: "text",
    status: "content_status",
    // Named in the indexes.
    created_at: "timestamp with time zone",
    total_views: "bigint",
  },
  // Episodes with Multi-Quality Support
  episodes: {
    id: "uuid",
    course_id: "uuid",
    season_id: "uuid",
    title: "character varying(255)",
    original_title: "character varying(255)",
    episode_number: "integer",
    video_duration: "integer",
    rating: "numeric(3,2)",
    air_date: "date",
  },
  video_qualities: {
    id: "uuid",
    episode_id: "uuid",
    quality_type: "video_quality",
    video_url: "text",
    file_size: "bigint",
    bitrate: "integer",
  },
  subtitles: {
    id: "uuid",
    episode_id: "uuid",
    language: "subtitle_language",
    file_url: "text",
    is_default: "boolean",
  },
  // Cast & Crew
  persons: {
    id: "uuid",
    name: "character varying(255)",
    original_name: "character varying(255)",
    profile_url: "text",
    biography: "text",
    birth_date: "date",
    nationality: "character varying(100)",
  },
  cast_members: {
    course_id: "uuid",
    person_id: "uuid",
    role: "character varying(255)",
    is_lead: "boolean",
    sort_order: "integer",
  },
  crew_members: {
    course_id: "uuid",
    person_id: "uuid",
    role: "character varying(100)",
    department: "character varying(100)",
  },
};

export const userActivityAndEngagement: Tables = {
  // Watch Progress & History
  user_progress: {
    user_id: "uuid",
    episode_id: "uuid",
    progress_seconds: "integer",
    completed: "boolean",
    last_watched_at: "timestamp with time zone",
  },
  watch_history: {
    user_id: "uuid",
    episode_id: "uuid",
    watched_at: "timestamp with time zone",
    watch_duration: "integer",
    device_info: "jsonb",
    quality_watched: "video_quality",
    subtitles_used: "subtitle_language",
  },
  // User Preferences & Status
  user_watch_status: {
    user_id: "uuid",
    course_id: "uuid",
    status: "watch_status",
    score: "smallint",
    notes: "text",
    started_at: "timestamp with time zone",
    completed_at: "timestamp with time zone",
  },
  user_favorites: {
    user_id: "uuid",
    course_id: "uuid",
    created_at: "timestamp with time zone",
  },
  // Named in mv_popular_content.
  user_reviews: {
    user_id: "uuid",
    course_id: "uuid",
    rating: "numeric(2,1)",
    is_approved: "boolean",
  },
};

export const analyticsAndInsights: Tables = {
  // Content Analytics (Partitioned)
  content_analytics: {
    course_id: "uuid",
    date: "date",
    total_views: "integer",
    unique_viewers: "integer",
    watch_time_minutes: "integer",
    completion_rate: "numeric(5,4)",
    average_rating: "numeric(3,2)",
    new_subscribers: "integer",
  },
  // User Engagement Tracking
  user_engagement: {
    user_id: "uuid",
    date: "date",
    sessions_count: "integer",
    total_watch_time: "integer",
    episodes_watched: "integer",
    episodes_completed: "integer",
    searches_count: "integer",
    favorites_added: "integer",
    reviews_written: "integer",
  },
  // Trending & Search Analytics
  trending_content: {
    course_id: "uuid",
    trending_score: "numeric(10,4)",
    period: "character varying(20)",
    period_start: "date",
    period_end: "date",
    rank: "integer",
    category: "character varying(100)",
  },
  search_queries: {
    user_id: "uuid",
    query: "character varying(500)",
    filters: "jsonb",
    results: "integer",
    clicked: "boolean",
    clicked_id: "uuid",
  },
};

/** The tables of the Prisma example, by the names of its relations. */
export const prismaExample: Tables = {
  cast_members: { person_id: "uuid", is_lead: "boolean", sort_order: "integer" },
  subtitles: { episode_id: "uuid" },
  video_qualities: { episode_id: "uuid" },
  course_categories: { course_id: "uuid", category_id: "uuid" },
  categories: { id: "uuid" },
};

/** Migration System, Version Control. */
export const migrationSystem: Tables = {
  schema_migrations: {
    version: "character varying(255)",
    description: "text",
    applied_at: "timestamp with time zone",
    rollback_sql: "text",
  },
};

/** Tables whose primary key is the column `id`. */
export const keyedById = [
  "users",
  "courses",
  "episodes",
  "video_qualities",
  "subtitles",
  "persons",
];

/** Columns that are UNIQUE, besides the keys. */
export const uniqueColumns = ["users.email", "schema_migrations.version"];

/** Definitions as pg_get_indexdef() writes them. */
export const indexes: Readonly<Record<string, string>> = {
  // Primary Indexes
  idx_courses_search_vector: "ON public.courses USING gin (search_vector)",
  idx_courses_drama_origin:
    "ON public.courses USING btree (drama_origin) WHERE (drama_origin IS NOT NULL)",
  idx_courses_popularity: "ON public.courses USING btree (popularity DESC, created_at DESC)",
  idx_courses_rating_views: "ON public.courses USING btree (rating DESC, total_views DESC)",
  idx_user_progress_active:
    "ON ONLY public.user_progress USING btree (user_id, last_watched_at DESC) WHERE (completed = false)",
  idx_watch_history_user_recent:
    "ON ONLY public.watch_history USING btree (user_id, watched_at DESC)",
  // Composite Indexes for Complex Queries
  idx_episodes_course_season:
    "ON public.episodes USING btree (course_id, season_id, episode_number)",
  idx_cast_members_course:
    "ON public.cast_members USING btree (course_id, is_lead DESC, sort_order)",
  idx_content_analytics_course_date:
    "ON ONLY public.content_analytics USING btree (course_id, date DESC)",
  idx_trending_period_rank:
    "ON public.trending_content USING btree (period, period_start DESC, rank)",
};

/** Time-Based Partitioning: the key of each partitioned table. */
export const partitionKeys: Readonly<Record<string, string>> = {
  user_progress: "RANGE (last_watched_at)",
  watch_history: "RANGE (watched_at)",
  content_analytics: "RANGE (date)",
};

/** Time-Based Partitioning: each partition's table and bounds, in a session whose TimeZone is UTC. */
export const partitions: Readonly<Record<string, readonly [table: string, bounds: string]>> = {
  user_progress_2025: [
    "user_progress",
    "FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')",
  ],
  watch_history_2025_01: [
    "watch_history",
    "FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2025-02-01 00:00:00+00')",
  ],
  content_analytics_2025_01: [
    "content_analytics",
    "FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')",
  ],
};

/** Query Optimization and Analytics & Insights: the columns that the document selects, filters and sorts by. */
export const materializedViews: Readonly<Record<string, readonly string[]>> = {
  mv_popular_content: ["id", "title", "drama_origin", "rating", "favorites_count", "user_rating"],
  mv_content_dashboard: ["drama_origin", "engagement_score"],
  mv_user_insights: ["engagement_level"],
  mv_user_recommendations: ["user_id", "recommendation_score"],
  mv_search_analytics: ["engagement_category", "search_count"],
};

/** Calls of functions as they stand in the document, its parameters with a type. */
export const calls = [
  // Recommendation Engine, Trending Analysis
  "select calculate_content_similarity(null::uuid, null::uuid)",
  "select * from get_top_content_by_period('daily', 'korean', 10)",
  // Migration Functions
  "select migration_applied('002_drama_enhancements')",
  "select apply_migration('003_analytics_views', 'Add analytics tables')",
  "select rollback_migration('003_analytics_views')",
  // Analytics Queries
  "select * from get_user_viewing_patterns(null::uuid)",
  "select refresh_all_analytics_views()",
];
