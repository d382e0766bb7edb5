-- Returns what somebody would be told about a job after a run with this result; null for one that says nothing about it.
create or replace function public.job_state(result text)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select case
        when result = 'done' then 'recovered'
        when result = 'findings' then 'findings'
        when result in ('failed', 'lost') then 'failed'
    end;
$function$;

comment on function public.job_state(text) is
    'Returns what somebody would be told about a job after a run with this result; null for one that says nothing about it.';
