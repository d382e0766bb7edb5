-- Applies one migration and records it, in the caller's transaction; returns false when it is applied already.
--
-- With `up_sql` it runs the statements; without, it only records them, as the last call of a script run by hand.
-- `statements` is the same text cut where its statements begin, for whoever wants to know which one failed (DF102).
-- The row goes in first: its unique key makes a second session that applies the same version wait here, and lets a
-- migration whose own text ends with this call find itself recorded.
create or replace function public.apply_migration(
    version text,
    description text default null,
    rollback_sql text default null,
    up_sql text default null,
    checksum text default null,
    statements text[] default null
)
returns boolean
language plpgsql
volatile
as $function$
declare
    path_before constant text := pg_catalog.current_setting('search_path');
    started_at constant timestamptz := pg_catalog.clock_timestamp();
    recorded_checksum text;
    took interval;
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    insert into public.schema_migrations (version, description, rollback_sql, up_sql, checksum)
    values (
        apply_migration.version, apply_migration.description, apply_migration.rollback_sql,
        apply_migration.up_sql, apply_migration.checksum
    )
    on conflict do nothing;
    if not found then
        select m.checksum into recorded_checksum
        from public.schema_migrations m
        where m.version = apply_migration.version;
        if recorded_checksum like 'sha256:%' and apply_migration.checksum <> recorded_checksum then
            raise exception 'Migration "%" is applied already, from another text.', apply_migration.version
                using errcode = 'DF001',
                    detail = format('Recorded %s, given %s.', recorded_checksum, apply_migration.checksum),
                    hint = 'Restore the file as it was applied, and put the change into a new migration.';
        end if;
        perform set_config('search_path', path_before, true);
        return false;
    end if;
    if apply_migration.up_sql is not null then
        perform public.restore_definitions(public.run_statements(
            coalesce(apply_migration.statements, array[apply_migration.up_sql]), path_before
        ));
        took := clock_timestamp() - started_at;
        update public.schema_migrations m set duration = took where m.version = apply_migration.version;
    end if;
    perform public.record_migration_event(apply_migration.version, 'applied', apply_migration.checksum, took);
    perform set_config('search_path', path_before, true);
    return true;
end
$function$;

revoke execute on function public.apply_migration(text, text, text, text, text, text[]) from public;

comment on function public.apply_migration(text, text, text, text, text, text[]) is
    'Applies one migration and records it, in the caller''s transaction; returns false when it is applied already.';
