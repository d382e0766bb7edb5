-- Records that the contents of a materialized view are still those of its last refresh.
--
-- Waits for nobody: another session that has the row says the same.
create or replace function public.record_unchanged(view regclass)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    update public.matview_refreshes r
    set unchanged_at = clock_timestamp()
    where r.refresh_id = (
        select h.refresh_id
        from public.matview_refreshes h
        join pg_namespace n on n.nspname = h.schema_name
        join pg_class c on c.relnamespace = n.oid and c.relname = h.view_name
        where c.oid = record_unchanged.view and h.error is null
        order by h.started_at desc
        limit 1
        for update of h skip locked
    );
$function$;

revoke execute on function public.record_unchanged(regclass) from public;

comment on function public.record_unchanged(regclass) is
    'Records that the contents of a materialized view are still those of its last refresh.';
