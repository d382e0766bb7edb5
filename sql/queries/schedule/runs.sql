-- The newest runs of the scheduler's jobs, the newest first: one row for each.
--
-- $1: limit, job.
select
    r.run_id::double precision as run_id,
    r.job,
    r.due_at,
    r.missed,
    r.started_at,
    r.ended_at,
    r.result,
    r.summary,
    r.error
from jsonb_to_record($1::jsonb) g ("limit" integer, job text)
cross join lateral (
    select *
    from public.job_runs j
    where g.job is null or j.job = g.job
    order by j.started_at desc, j.run_id desc
    limit g."limit"
) r;
