-- Takes the next thing that somebody is to be told about a job, for the caller to tell; no row when there is nothing.
--
-- It is recorded before it is told, so that no other process tells it too; record_job_notification() says that it was.
-- Of several processes that ask at once, one gets it.
create or replace function public.take_job_notification(
    kinds text[] default '{failed,findings,recovered}',
    repeat interval default null
)
returns table (run_id bigint, notification text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pg_advisory_xact_lock(hashtext('doramaflix-db schedule'), 2);
    return query
    update public.job_runs r
    set notification = p.notification, notification_began_at = clock_timestamp(), notified_at = null
    from (
        select planned.*
        from public.plan_job_notifications(take_job_notification.repeat) planned
        where planned.notification = any (kinds)
        order by planned.run_id
        limit 1
    ) p
    where r.run_id = p.run_id
    returning r.run_id, r.notification;
end
$function$;

revoke execute on function public.take_job_notification(text[], interval) from public;

comment on function public.take_job_notification(text[], interval) is
    'Takes the next thing that somebody is to be told about a job, for the caller to tell; no row when there is nothing.';
