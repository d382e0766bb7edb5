-- Returns the time of which the contents of a materialized view are: of its last refresh, or of the last time that it
-- was found unchanged; null when no refresh is known.
create or replace function public.matview_fresh_at(view regclass)
returns timestamptz
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select greatest(r.started_at, r.unchanged_at)
    from public.matview_refreshes r
    join pg_namespace n on n.nspname = r.schema_name
    join pg_class c on c.relnamespace = n.oid and c.relname = r.view_name
    where c.oid = matview_fresh_at.view and r.error is null
    order by r.started_at desc
    limit 1;
$function$;

comment on function public.matview_fresh_at(regclass) is
    'Returns the time of which the contents of a materialized view are: of its last refresh, or of the last time that it was found unchanged; null when no refresh is known.';
