-- The planner knows nothing of what was loaded until it is told, and the next files read much of it.

ANALYZE users, categories, tags, courses, course_categories, course_tags, seasons, episodes, video_qualities, subtitles,
    persons, cast_members, crew_members, watch_history, user_progress, user_watch_status, user_favorites, user_reviews,
    search_queries;
