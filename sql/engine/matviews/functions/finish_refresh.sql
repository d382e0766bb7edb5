-- Carries out a refresh that prepare_refresh() has prepared, and records it; returns the record.
--
-- A swap that does not get its locks within `patience`, because somebody reads without end, becomes a concurrent
-- refresh where nobody forced it and the view allows one; otherwise it ends with 55P03. Takes ACCESS EXCLUSIVE on the
-- view for the last milliseconds of a swap and for the whole of a plain refresh, EXCLUSIVE for a concurrent one.
create or replace function public.finish_refresh(prepared public.matview_refreshes, patience interval, search_path text)
returns public.matview_refreshes
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    result public.matview_refreshes := prepared;
    view regclass := format('%I.%I', prepared.schema_name, prepared.view_name)::regclass;
    copy constant regclass := to_regclass(
        format('%I.%I', prepared.schema_name, public.copy_name(prepared.view_name, view))
    );
    written_before bigint;
begin
    if prepared.mode is null then
        return prepared;
    end if;
    if prepared.mode = 'swap' then
        begin
            perform public.swap_materialized_view(view, copy, patience);
            update public.matview_base_states s set view_oid = copy where s.view_oid = view;
            view := copy;
        exception when lock_not_available then
            if prepared.reason = 'forced' or public.concurrent_refresh_index(view) is null then
                raise;
            end if;
            execute format('drop materialized view %s', copy);
            result.mode := 'concurrently';
            result.reason := 'readers_in_the_way';
        end;
    end if;
    if result.mode <> 'swap' then
        written_before := public.rows_written(view);
        perform public.refresh_patiently(view, result.mode, patience, finish_refresh.search_path);
        if result.mode = 'concurrently' then
            result.changed_rows := public.rows_written(view) - written_before;
        end if;
    end if;
    return public.record_refresh(view, result);
end
$function$;

revoke execute on function public.finish_refresh(public.matview_refreshes, interval, text) from public;

comment on function public.finish_refresh(public.matview_refreshes, interval, text) is
    'Carries out a refresh that prepare_refresh() has prepared, and records it; returns the record.';
