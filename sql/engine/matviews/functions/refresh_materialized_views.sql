-- Refreshes materialized views in the order of their dependencies, all in one transaction: those given, or all; returns
-- what was recorded for each.
--
-- Each as refresh_materialized_view() does it. A view that fails does not stop the others: its error is recorded and
-- returned, and those that read it are left as they are, with the reason `source_failed`.
create or replace function public.refresh_materialized_views(
    views regclass[] default null, mode text default 'auto', patience interval default '10 seconds'
)
returns setof public.matview_refreshes
language sql
volatile
as $function$
    select *
    from public.refresh_in_order(views, mode, patience, pg_catalog.current_setting('search_path'));
$function$;

revoke execute on function public.refresh_materialized_views(regclass[], text, interval) from public;

comment on function public.refresh_materialized_views(regclass[], text, interval) is
    'Refreshes materialized views in the order of their dependencies, all in one transaction: those given, or all; returns what was recorded for each.';
