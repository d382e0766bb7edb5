import type postgres from "postgres";

/** Two users of the sample rows. */
export const alice = "aaaaaaaa-0000-4000-8000-000000000000";
export const bob = "bbbbbbbb-0000-4000-8000-000000000000";

/** The courses of the sample rows: both users have rows for the first one, neither has any for the second. */
export const course = "cccccccc-0000-4000-8000-000000000001";
export const otherCourse = "cccccccc-0000-4000-8000-000000000002";

export const episode = "eeeeeeee-0000-4000-8000-000000000001";

/** Inserts two users, two courses and an episode, and one row of each user into each table that belongs to users. */
export async function insertSampleRows(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    insert into users (id, email, password_hash, first_name, last_name) values
      ('${alice}', 'alice@example.org', 'hash of alice', 'Alice', 'A'),
      ('${bob}', 'bob@example.org', 'hash of bob', 'Bob', 'B');
    insert into courses (id, title, original_title, status) values
      ('${course}', 'Crash Landing on You', '사랑의 불시착', 'published'),
      ('${otherCourse}', 'Reply 1988', '응답하라 1988', 'published');
    insert into episodes (id, course_id, title, episode_number, video_duration)
      values ('${episode}', '${course}', 'One', 1, 4200);
    insert into user_progress (user_id, episode_id, progress_seconds, last_watched_at)
      select id, '${episode}', 60, '2025-01-10' from users;
    insert into watch_history (user_id, episode_id, watch_duration, watched_at)
      select id, '${episode}', 60, '2025-01-10' from users;
    insert into user_favorites (user_id, course_id) select id, '${course}' from users;
    insert into user_watch_status (user_id, course_id, status, score) select id, '${course}', 'watching', 9 from users;
    insert into user_reviews (user_id, course_id, rating) select id, '${course}', 4.5 from users;
    insert into user_engagement (user_id, date) select id, '2025-01-10' from users;
    insert into search_queries (user_id, query, clicked, clicked_id) select id, 'crash', true, '${course}' from users;
    insert into content_analytics (course_id, date) values ('${course}', '2025-01-10');
    insert into trending_content (course_id, trending_score, period, period_start, period_end, rank)
      values ('${course}', 1, 'daily', '2025-01-10', '2025-01-10', 1);
  `);
}
