-- Records how the run that this session began has ended, and gives the lock of the run in hand back.
--
-- Raises DF072 for a run of another session, and for one that others have found lost meanwhile.
create or replace function public.end_job_run(run_id bigint, result text, summary text default null, error text default null)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    update public.job_runs r
    set result = end_job_run.result,
        summary = end_job_run.summary,
        error = end_job_run.error,
        ended_at = greatest(clock_timestamp(), r.started_at)
    where r.run_id = end_job_run.run_id and r.result is null and r.worker = public.session_identity();
    if not found then
        raise exception 'Run % is not one that this session has in hand.', run_id using errcode = 'DF072';
    end if;
    perform pg_advisory_unlock(hashtext('doramaflix-db schedule'), 1);
end
$function$;

revoke execute on function public.end_job_run(bigint, text, text, text) from public;

comment on function public.end_job_run(bigint, text, text, text) is
    'Records how the run that this session began has ended, and gives the lock of the run in hand back.';
