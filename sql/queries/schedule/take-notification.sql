-- Takes the next thing that somebody is to be told about a job: one row with the run behind it, or none.
--
-- $1: kinds, repeat in seconds.
select
    current_database()::text as database,
    t.run_id::double precision as run_id,
    t.notification,
    r.job,
    r.due_at,
    r.started_at,
    r.ended_at,
    r.result,
    r.summary,
    r.error
from jsonb_to_record($1::jsonb) g (kinds text[], repeat double precision)
cross join lateral public.take_job_notification(g.kinds, make_interval(secs => g.repeat)) t
join public.job_runs r on r.run_id = t.run_id;
