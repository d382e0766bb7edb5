-- Keeps migration_events append-only: refuses every update, delete and truncate.
create or replace function public.refuse_migration_event_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception 'Table "public.migration_events" is append-only.'
        using errcode = 'DF008',
            hint = 'It is the history of this database; read it, and leave it as it is.';
end
$function$;

revoke execute on function public.refuse_migration_event_change() from public;

create or replace trigger migration_events_append_only
    before update or delete or truncate on public.migration_events
    for each statement execute function public.refuse_migration_event_change();

comment on function public.refuse_migration_event_change() is
    'Keeps migration_events append-only: refuses every update, delete and truncate.';
