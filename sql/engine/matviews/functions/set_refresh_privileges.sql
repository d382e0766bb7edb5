-- Lets a role that is no superuser refresh the materialized views that it owns, or may maintain, or no longer.
--
-- Grants or revokes what the refresh calls and writes: the functions run with the rights of their caller, so nobody can
-- refresh with them what he could not refresh by hand. To be called again after an upgrade of the engine.
create or replace function public.set_refresh_privileges(role regrole, granted boolean)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    routines constant text := (
        select string_agg(p.oid::regprocedure::text, ', ' order by p.oid)
        from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proname in (
            'abandon_refresh', 'copy_materialized_view', 'finish_refresh', 'lock_views', 'prepare_refresh',
            'record_refresh', 'record_refresh_failure', 'record_unchanged', 'refresh_in_order',
            'refresh_materialized_view', 'refresh_materialized_views', 'refresh_patiently',
            'rows_written', 'run_refresh', 'save_base_states', 'swap_materialized_view'
        )
    );
    tables constant text := 'public.matview_refreshes, public.matview_base_states';
    direction constant text := case when granted then 'to' else 'from' end;
    verb constant text := case when granted then 'grant' else 'revoke' end;
begin
    -- The engine's owner has them, and would lose its own.
    if role = (select c.relowner from pg_class c where c.oid = 'public.matview_refreshes'::regclass) then
        return;
    end if;
    execute format('%s execute on function %s %s %s', verb, routines, direction, role);
    execute format('%s select, insert, update, delete on %s %s %s', verb, tables, direction, role);
    execute format('%s select on public.matview_policies %s %s', verb, direction, role);
end
$function$;

revoke execute on function public.set_refresh_privileges(regrole, boolean) from public;

comment on function public.set_refresh_privileges(regrole, boolean) is
    'Lets a role that is no superuser refresh the materialized views that it owns, or may maintain, or no longer.';
