-- Lists the jobs of which somebody is to be told that they have failed, found something or recovered, each with its last run.
--
-- Told is a change: a job that fails each minute is told of once, and again after `repeat`, or never for null. A run that
-- was interrupted changes nothing. That a job has recovered is told only where its failure was. What a process began to
-- tell ten minutes ago without success is to be told again: that process is gone, or has given up. Of a job that no
-- scheduler has, and that nobody has run for a day, nothing is told.
create or replace function public.plan_job_notifications(
    repeat interval default null,
    as_of timestamptz default clock_timestamp()
)
returns table (run_id bigint, notification text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with told as (
        select r.job, r.run_id, r.notification, r.notification_began_at as at
        from public.job_runs r
        where r.notification is not null
            and (r.notified_at is not null or r.notification_began_at > as_of - interval '10 minutes')
    )
    select last.run_id, last.state
    from (
        select r.job, max(r.run_id) as run_id
        from public.job_runs r
        where r.result <> 'interrupted'
        group by r.job
    ) newest
    cross join lateral (
        select r.*, public.job_state(r.result) as state
        from public.job_runs r
        where r.run_id = newest.run_id
    ) last
    where case
            when last.state = 'recovered' then (
                select t.notification
                from told t
                where t.job = last.job
                order by t.run_id desc
                limit 1
            ) <> 'recovered'
            else not exists (
                select
                from told t
                where t.job = last.job
                    and t.notification = last.state
                    and (plan_job_notifications.repeat is null or t.at > as_of - plan_job_notifications.repeat)
                    and not exists (
                        select
                        from public.job_runs other
                        where other.job = t.job
                            and other.run_id > t.run_id
                            and public.job_state(other.result) <> last.state
                    )
            )
        end
        and (
            last.started_at > as_of - interval '1 day'
            or exists (select from public.scheduled_jobs s where s.job = last.job)
        );
$function$;

comment on function public.plan_job_notifications(interval, timestamptz) is
    'Lists the jobs of which somebody is to be told that they have failed, found something or recovered, each with its last run.';
