-- Refreshes a materialized view in place, waiting for its lock for `patience` at most; ends with 55P03 after that.
--
-- A plain refresh locks readers out, and they queue behind it while it waits: it waits 20 ms at a time and lets them
-- through in between. A concurrent one waits in a row, for only other refreshes and VACUUM queue behind it. A plain one
-- is followed by ANALYZE, because it forgets how many rows there are (reltuples becomes -1).
create or replace function public.refresh_patiently(view regclass, mode text, patience interval, search_path text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    give_up_at constant timestamptz := clock_timestamp() + patience;
    timeout_before constant text := current_setting('lock_timeout');
    timeout constant text := case mode
        when 'plain' then '20ms'
        -- Zero would mean to wait for ever.
        else greatest(1, ceil(extract(epoch from patience) * 1000)) || 'ms'
    end;
begin
    loop
        begin
            perform set_config('lock_timeout', timeout, true);
            perform public.run_refresh(view, mode, refresh_patiently.search_path);
            exit;
        exception when lock_not_available then
            if clock_timestamp() > give_up_at then
                raise;
            end if;
        end;
        perform pg_sleep(0.05 + random() * 0.15);
    end loop;
    perform set_config('lock_timeout', timeout_before, true);
    if mode = 'plain' then
        execute format('analyze %s', view);
    end if;
end
$function$;

revoke execute on function public.refresh_patiently(regclass, text, interval, text) from public;

comment on function public.refresh_patiently(regclass, text, interval, text) is
    'Refreshes a materialized view in place, waiting for its lock for `patience` at most; ends with 55P03 after that.';
