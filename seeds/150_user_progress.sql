-- How far each user has come with each episode, year by year.

DO $block$
DECLARE
    year date;
BEGIN
    FOR year IN
        SELECT generate_series(date_trunc('year', first_day), as_of - 1, interval '1 year')
        FROM seed_run
    LOOP
        CALL pg_temp.fill_partition('user_progress', year, interval '1 year', $query$
            INSERT INTO %I (
                user_id, episode_id, progress_seconds, completed, last_watched_at, created_at, updated_at
            )
            SELECT
                person.id,
                episode.id,
                progress.reached,
                progress.completed,
                progress.last_watched_at,
                progress.first_watched_at,
                progress.last_watched_at
            FROM seed_progress progress
            JOIN seed_users person ON person.no = progress.user_no
            JOIN seed_episodes episode ON episode.no = progress.episode_no
            WHERE progress.last_watched_at >= $1 AND progress.last_watched_at < $2
            ORDER BY progress.user_no, progress.episode_no
        $query$);
    END LOOP;
END
$block$;
