-- Records that a refresh failed: in a transaction of its own, or after the subtransaction in which it failed.
create or replace function public.record_refresh_failure(view regclass, started_at timestamptz, mode text, error text)
returns public.matview_refreshes
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    insert into public.matview_refreshes (schema_name, view_name, started_at, duration, mode, error)
    select
        n.nspname, c.relname, record_refresh_failure.started_at,
        clock_timestamp() - record_refresh_failure.started_at, record_refresh_failure.mode, record_refresh_failure.error
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = view
    returning matview_refreshes;
$function$;

revoke execute on function public.record_refresh_failure(regclass, timestamptz, text, text) from public;

comment on function public.record_refresh_failure(regclass, timestamptz, text, text) is
    'Records that a refresh failed: in a transaction of its own, or after the subtransaction in which it failed.';
