-- Records who creates, changes or drops what; called by the event triggers record_ddl_command and record_ddl_drop.
--
-- What goes wrong here is a warning, because it must not stop the statement. Old rows are deleted a few at a time, and
-- not where another session is at it, so that nobody waits for another's transaction. Left out are temporary objects,
-- the scripts of extensions, and the tool's own runs. Runs with the rights of its owner, for whoever may change something.
create or replace function public.record_ddl_command()
returns event_trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    if nullif(current_setting('doramaflix_db.tool_version', true), '') is not null then
        return;
    end if;
    if tg_event = 'sql_drop' then
        insert into public.ddl_events (command, object_type, object_identity)
        select tg_tag, d.object_type, d.object_identity
        from pg_event_trigger_dropped_objects() d
        where (d.original or d.normal) and not d.is_temporary;
    else
        insert into public.ddl_events (command, object_type, object_identity)
        select distinct c.command_tag, lower(c.object_type), c.object_identity
        from pg_event_trigger_ddl_commands() c
        where not c.in_extension and coalesce(c.schema_name, '') !~ '^pg_(toast_)?temp';
    end if;
    delete from public.ddl_events
    where id in (
        select id
        from public.ddl_events
        where occurred_at < now() - interval '1 year'
        order by occurred_at
        limit 100
        for update skip locked
    );
exception when others then
    raise warning 'The change of the schema is not recorded in ddl_events: %', sqlerrm;
end
$function$;

revoke execute on function public.record_ddl_command() from public;

comment on function public.record_ddl_command() is
    'Records who creates, changes or drops what; called by the event triggers record_ddl_command and record_ddl_drop.';
