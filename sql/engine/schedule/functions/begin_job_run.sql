-- Takes the lock of the run in hand for this session, records the run that begins, and returns its number.
--
-- Null when the job has run for that moment already. Who leads passes the identity of the session that holds the lock of
-- the leader: when that session is gone, so is the lead, and nothing begins (DF070). While another session runs a job,
-- also one that has lost its leader, nothing begins either (DF071). What is still open then has nobody who works on it.
-- The lock is the session's, because the work has transactions of its own; it ends with the session.
create or replace function public.begin_job_run(
    job text,
    due_at timestamptz default clock_timestamp(),
    missed integer default 0,
    leader text default null
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    begun timestamptz;
    number bigint;
begin
    if leader is not null and leader is distinct from public.session_identity(public.schedule_leader()) then
        raise exception 'This scheduler does not lead any longer.' using errcode = 'DF070';
    end if;
    if not pg_try_advisory_lock(hashtext('doramaflix-db schedule'), 1) then
        raise exception 'Another job of this database is running.' using errcode = 'DF071';
    end if;
    perform public.close_lost_runs();
    delete from public.job_runs r
    where r.job = begin_job_run.job and r.due_at < clock_timestamp() - interval '90 days';
    -- The clock of a server can be set back.
    select greatest(clock_timestamp(), max(r.ended_at)) into begun
    from public.job_runs r;
    insert into public.job_runs as r (job, due_at, missed, started_at, leader, worker)
    values (job, due_at, missed, begun, leader, public.session_identity())
    on conflict on constraint job_runs_job_due_at_key do nothing
    returning r.run_id into number;
    return number;
end
$function$;

revoke execute on function public.begin_job_run(text, timestamptz, integer, text) from public;

comment on function public.begin_job_run(text, timestamptz, integer, text) is
    'Takes the lock of the run in hand for this session, records the run that begins, and returns its number.';
