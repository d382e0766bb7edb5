-- Applies one migration and records it, in the caller's transaction; returns false when it is applied already.
--
-- With `up_sql` it runs the statements; without, it only records them, as the last call of a script run by hand.
-- `statements` is the same text cut where its statements begin, for whoever wants to know which one failed (DF102); an
-- empty array says that they have been run, outside a transaction, and that the journal has their time.
-- `irreversible` says why there is no rollback_sql.
-- A second session that applies the same version waits for the first one to commit. The row goes in last, when the
-- duration is known; a migration whose own text ends with this call finds its row there and completes it.
create or replace function public.apply_migration(
    version text,
    description text default null,
    rollback_sql text default null,
    up_sql text default null,
    checksum text default null,
    statements text[] default null,
    irreversible text default null
)
returns boolean
language plpgsql
volatile
as $function$
#variable_conflict use_column
declare
    path_before constant text := pg_catalog.current_setting('search_path');
    started_at constant timestamptz := pg_catalog.clock_timestamp();
    recorded_checksum text;
    took interval;
    dropped text[];
    is_new boolean;
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    perform pg_advisory_xact_lock(hashtextextended(apply_migration.version, 0));
    select m.checksum into recorded_checksum
    from public.schema_migrations m
    where m.version = apply_migration.version;
    if found then
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
        dropped := public.run_statements(
            coalesce(apply_migration.statements, array[apply_migration.up_sql]), path_before
        );
        if cardinality(dropped) > 0 then
            perform public.restore_definitions(dropped);
        end if;
        took := case
            when cardinality(apply_migration.statements) = 0 then public.end_journal(apply_migration.version, 'up')
            else clock_timestamp() - started_at
        end;
    end if;
    insert into public.schema_migrations (version, description, rollback_sql, irreversible, up_sql, checksum, duration)
    values (
        apply_migration.version, apply_migration.description, apply_migration.rollback_sql,
        apply_migration.irreversible, apply_migration.up_sql, apply_migration.checksum, took
    )
    on conflict (version) do update
    set description = coalesce(excluded.description, schema_migrations.description),
        rollback_sql = coalesce(excluded.rollback_sql, schema_migrations.rollback_sql),
        irreversible = coalesce(excluded.irreversible, schema_migrations.irreversible),
        up_sql = excluded.up_sql, checksum = excluded.checksum, duration = excluded.duration
    returning xmax = '0' into is_new;
    if is_new then
        perform public.record_migration_event(apply_migration.version, 'applied', apply_migration.checksum, took);
    end if;
    perform set_config('search_path', path_before, true);
    return true;
end
$function$;

revoke execute on function public.apply_migration(text, text, text, text, text, text[], text) from public;

comment on function public.apply_migration(text, text, text, text, text, text[], text) is
    'Applies one migration and records it, in the caller''s transaction; returns false when it is applied already.';
