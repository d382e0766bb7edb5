-- Takes back what prepare_refresh() did, where finish_refresh() failed and the transaction goes on.
--
-- The state of the tables below is forgotten, because the view does not hold it; so it is refreshed the next time.
create or replace function public.abandon_refresh(prepared public.matview_refreshes)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    view constant regclass := to_regclass(format('%I.%I', prepared.schema_name, prepared.view_name));
begin
    execute format(
        'drop materialized view if exists %I.%I', prepared.schema_name, public.copy_name(prepared.view_name, view)
    );
    delete from public.matview_base_states s where s.view_oid = view;
end
$function$;

revoke execute on function public.abandon_refresh(public.matview_refreshes) from public;

comment on function public.abandon_refresh(public.matview_refreshes) is
    'Takes back what prepare_refresh() did, where finish_refresh() failed and the transaction goes on.';
