-- Refreshes materialized views in one transaction for refresh_materialized_views(), which gives the search_path.
--
-- All copies are built before the first of them takes its view's place, because that locks readers out until the
-- transaction ends; except for a view that another one reads through a plain view, which must see what is new. Views
-- are looked up by name, because other sessions swap them meanwhile. Here a failure of any kind is caught, because one
-- view must not keep the others from being refreshed; a cancelled query is not.
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
    view regclass;
begin
    perform public.require_read_committed();
    for each in
        with matview as materialized (select * from public.materialized_views())
        select m.*, exists (select from matview above where m.view = any (above.needs)) as is_needed
        from matview m
        where m.view = any (views) is not false
        order by m.level, m.schema_name, m.view_name
    loop
        result := null;
        result.schema_name := each.schema_name;
        result.view_name := each.view_name;
        result.started_at := clock_timestamp();
        view := to_regclass(format('%I.%I', each.schema_name, each.view_name));
        continue when view is null;
        begin
            if each.needs && failed then
                failed := failed || each.view;
                result.reason := 'source_failed';
            else
                result := public.prepare_refresh(view, refresh_in_order.mode, refresh_in_order.search_path);
            end if;
            if result.mode = 'swap' and not each.is_needed then
                prepared_swaps := prepared_swaps || result;
            else
                return next public.finish_refresh(result, patience, refresh_in_order.search_path);
            end if;
        exception when sqlstate 'DF051' then
            -- Another session has put a copy in its place since the name was looked up.
            result.reason := 'being_refreshed';
            return next result;
        when others then
            failed := failed || each.view;
            return next public.record_refresh_failure(view, result.started_at, result.mode, sqlerrm);
        end;
    end loop;
    foreach result in array prepared_swaps loop
        begin
            return next public.finish_refresh(result, patience, refresh_in_order.search_path);
        exception when others then
            perform public.abandon_refresh(result);
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
