-- Records that runs are lost whose sessions ended before they did; for who holds the lock of the run in hand.
create or replace function public.close_lost_runs()
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    update public.job_runs r
    set result = 'lost', ended_at = greatest(clock_timestamp(), r.started_at),
        error = 'The session that ran it ended before it did.'
    where r.result is null;
$function$;

revoke execute on function public.close_lost_runs() from public;

comment on function public.close_lost_runs() is
    'Records that runs are lost whose sessions ended before they did; for who holds the lock of the run in hand.';
