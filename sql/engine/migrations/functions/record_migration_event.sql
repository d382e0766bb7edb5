-- Adds a row to the history of a migration.
--
-- In PL/pgSQL, which keeps its plan for the session; before PostgreSQL 18 a function in SQL is planned at each call.
create or replace function public.record_migration_event(
    version text,
    event text,
    checksum text default null,
    duration interval default null,
    error jsonb default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into public.migration_events (version, event, checksum, duration, error)
    values (
        record_migration_event.version, record_migration_event.event, record_migration_event.checksum,
        record_migration_event.duration, record_migration_event.error
    );
end
$function$;

revoke execute on function public.record_migration_event(text, text, text, interval, jsonb) from public;

comment on function public.record_migration_event(text, text, text, interval, jsonb) is
    'Adds a row to the history of a migration.';
