-- Makes scheduled_jobs hold the given jobs and no others, and returns for each what it waits for.
--
-- A job may be due after the moment for which it last ran, or since its schedule is known: one whose schedule has
-- changed begins anew. What was interrupted or lost is to run again, but not when it was lost twice in a row: it may
-- be what ends the sessions. Raises DF071 while a session works on a job, because nobody knows yet how that ends.
create or replace function public.register_jobs(jobs jsonb)
returns table (job text, after timestamptz, again boolean)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    if not pg_try_advisory_xact_lock(hashtext('doramaflix-db schedule'), 1) then
        raise exception 'A job of this database is running.' using errcode = 'DF071';
    end if;
    perform public.close_lost_runs();
    delete from public.scheduled_jobs s
    where s.job not in (select g.job from jsonb_to_recordset(jobs) g (job text));
    insert into public.scheduled_jobs as s (job, schedule, time_zone)
    select g.job, g.schedule, g.time_zone
    from jsonb_to_recordset(jobs) g (job text, schedule text, time_zone text)
    on conflict on constraint scheduled_jobs_pkey do update
    set schedule = excluded.schedule, time_zone = excluded.time_zone, since = excluded.since
    where (s.schedule, s.time_zone) is distinct from (excluded.schedule, excluded.time_zone);
    return query
    select
        s.job,
        greatest(s.since, (select max(r.due_at) from public.job_runs r where r.job = s.job)),
        coalesce(last.results[1] in ('interrupted', 'lost') and last.results <> '{lost,lost}', false)
    from public.scheduled_jobs s
    cross join lateral (
        select array_agg(n.result order by n.started_at desc, n.run_id desc) as results
        from (
            select r.result, r.started_at, r.run_id
            from public.job_runs r
            where r.job = s.job
            order by r.started_at desc, r.run_id desc
            limit 2
        ) n
    ) last;
end
$function$;

revoke execute on function public.register_jobs(jsonb) from public;

comment on function public.register_jobs(jsonb) is
    'Makes scheduled_jobs hold the given jobs and no others, and returns for each what it waits for.';
