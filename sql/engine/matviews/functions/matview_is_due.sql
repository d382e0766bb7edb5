-- Says whether the contents of a materialized view are about as old as a policy allows; true when no refresh is known.
--
-- A view is due a tenth of the interval, at most a minute, before it is over: a run at fixed times would miss it by the
-- moment that the run before took to begin with it, and come back when it is too old.
create or replace function public.matview_is_due(view regclass, every interval)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select coalesce(
        public.matview_fresh_at(view) <= clock_timestamp() - every + least(0.1 * every, interval '1 minute'),
        true
    );
$function$;

comment on function public.matview_is_due(regclass, interval) is
    'Says whether the contents of a materialized view are about as old as a policy allows; true when no refresh is known.';
