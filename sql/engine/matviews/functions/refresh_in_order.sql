-- Refreshes materialized views in one transaction for refresh_materialized_views(), which gives the search_path.
--
-- All copies are built before the first of them takes its view's place, because that locks readers out until the
-- transaction ends. No other materialized view reads one that is swapped, so they may come last. Here a failure of any
-- kind is caught, because one view must not keep the others from being refreshed; a cancelled query is not.
create or replace function public.refresh_in_order(views regclass[], mode text, patience interval, search_path text)
returns setof public.matview_refreshes
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    each record;
    result public.matview_refreshes;
    prepared_swaps public.matview_refreshes[] := '{}';
    failed regclass[] := '{}';
begin
    for each in
        select m.* from public.materialized_views() m where m.view = any (views) is not false
    loop
        result := row(null, each.schema_name, each.view_name);
        begin
            if each.needs && failed then
                failed := failed || each.view;
                result.reason := 'source_failed';
            else
                result := public.prepare_refresh(each.view, refresh_in_order.mode, refresh_in_order.search_path);
            end if;
            if result.mode = 'swap' then
                prepared_swaps := prepared_swaps || result;
            else
                return next public.finish_refresh(result, patience, refresh_in_order.search_path);
            end if;
        exception when others then
            failed := failed || each.view;
            return next public.record_refresh_failure(each.view, clock_timestamp(), result.mode, sqlerrm);
        end;
    end loop;
    foreach result in array prepared_swaps loop
        begin
            return next public.finish_refresh(result, patience, refresh_in_order.search_path);
        exception when others then
            return next public.record_refresh_failure(
                format('%I.%I', result.schema_name, result.view_name)::regclass, result.started_at, result.mode, sqlerrm
            );
        end;
    end loop;
end
$function$;

revoke execute on function public.refresh_in_order(regclass[], text, interval, text) from public;

comment on function public.refresh_in_order(regclass[], text, interval, text) is
    'Refreshes materialized views in one transaction for refresh_materialized_views(), which gives the search_path.';
