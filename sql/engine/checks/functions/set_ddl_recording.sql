-- Turns the recording of who changes the schema on or off: creates or drops two event triggers.
--
-- Only a superuser may create an event trigger.
create or replace function public.set_ddl_recording(enabled boolean)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    drop event trigger if exists record_ddl_command;
    drop event trigger if exists record_ddl_drop;
    if enabled then
        create event trigger record_ddl_command on ddl_command_end execute function public.record_ddl_command();
        create event trigger record_ddl_drop on sql_drop execute function public.record_ddl_command();
    end if;
end
$function$;

revoke execute on function public.set_ddl_recording(boolean) from public;

comment on function public.set_ddl_recording(boolean) is
    'Turns the recording of who changes the schema on or off: creates or drops two event triggers.';
