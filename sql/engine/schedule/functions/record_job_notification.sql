-- Records that somebody was told what take_job_notification() has returned for a run.
create or replace function public.record_job_notification(run_id bigint)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    update public.job_runs r
    set notified_at = clock_timestamp()
    where r.run_id = record_job_notification.run_id and r.notification is not null;
$function$;

revoke execute on function public.record_job_notification(bigint) from public;

comment on function public.record_job_notification(bigint) is
    'Records that somebody was told what take_job_notification() has returned for a run.';
