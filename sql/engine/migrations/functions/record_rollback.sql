-- Removes a migration from the ledger whose rollback statements the caller has run.
create or replace function public.record_rollback(version text)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    with removed as (
        delete from public.schema_migrations m where m.version = record_rollback.version returning m.version, m.checksum
    )
    select public.record_migration_event(
        r.version, 'rolled back', r.checksum, public.end_journal(r.version, 'down')
    )
    from removed r;
$function$;

revoke execute on function public.record_rollback(text) from public;

comment on function public.record_rollback(text) is
    'Removes a migration from the ledger whose rollback statements the caller has run.';
