-- Turns the recording of everybody's refreshes on or off: creates or drops the event trigger record_foreign_refresh.
--
-- Only a superuser may create an event trigger.
create or replace function public.set_refresh_recording(enabled boolean)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    drop event trigger if exists record_foreign_refresh;
    if enabled then
        create event trigger record_foreign_refresh on ddl_command_end
            when tag in ('REFRESH MATERIALIZED VIEW')
            execute function public.record_foreign_refresh();
    end if;
end
$function$;

revoke execute on function public.set_refresh_recording(boolean) from public;

comment on function public.set_refresh_recording(boolean) is
    'Turns the recording of everybody''s refreshes on or off: creates or drops the event trigger record_foreign_refresh.';
