-- The jobs that the leading scheduler knows, and those that ran without one, with the last run of each: one row each.
--
-- Beside it the result and the duration of the last run that has ended, which is another one while a job runs.
select
    coalesce(s.job, last.job) as job,
    s.schedule,
    s.time_zone,
    s.since,
    last.run_id::double precision as run_id,
    last.due_at,
    last.missed,
    last.started_at,
    last.ended_at,
    last.result,
    last.summary,
    last.error,
    last.result is null and last.run_id is not null and not exists (
        select from pg_locks l
        where l.locktype = 'advisory'
            and l.granted
            and l.classid = (hashtext('doramaflix-db schedule')::bigint & 4294967295)::oid
            and l.objid = 1
            and l.objsubid = 2
            and public.session_identity(l.pid) = last.worker
    ) as is_abandoned,
    ended.result as ended_result,
    ended.seconds as ended_seconds,
    coalesce(counted.runs, 0)::integer as runs,
    coalesce(counted.failed, 0)::integer as failed
from public.scheduled_jobs s
full join (
    select distinct on (r.job) r.*
    from public.job_runs r
    order by r.job, r.started_at desc, r.run_id desc
) last on last.job = s.job
left join lateral (
    select r.result, extract(epoch from r.ended_at - r.started_at)::double precision as seconds
    from public.job_runs r
    where r.job = coalesce(s.job, last.job) and r.ended_at is not null
    order by r.started_at desc, r.run_id desc
    limit 1
) ended on true
left join lateral (
    select count(*) as runs, count(*) filter (where r.result in ('failed', 'lost')) as failed
    from public.job_runs r
    where r.job = coalesce(s.job, last.job) and r.started_at > now() - interval '24 hours'
) counted on true
order by 1;
