-- Takes back the newest migration with its stored rollback SQL and removes it from the ledger; returns true.
--
-- Objects of functions/ and views/ that stand in its way are dropped, and created again where what they refer to is
-- still there; with the first migration all of them go, so that nothing of the project is left.
-- Refuses a version that is not applied (DF004), not the newest (DF002) or has no rollback SQL (DF003).
-- `statements` is the stored text where it has variables, with their values in it.
create or replace function public.rollback_migration(version text, statements text default null)
returns boolean
language plpgsql
volatile
as $function$
declare
    path_before constant text := pg_catalog.current_setting('search_path');
    started_at constant timestamptz := pg_catalog.clock_timestamp();
    migration record;
    newest text;
    resolved_before text[];
    dropped text[];
    unresolved text[];
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    -- Against a migration applied meanwhile by another session; readers are not held up.
    lock table public.schema_migrations in share row exclusive mode;
    select m.rollback_sql, m.checksum into migration
    from public.schema_migrations m
    where m.version = rollback_migration.version;
    if not found then
        raise exception 'Migration "%" is not applied.', rollback_migration.version
            using errcode = 'DF004',
                hint = 'SELECT * FROM get_migration_status() lists the applied migrations.';
    end if;
    select m.version into newest from public.schema_migrations m order by m.applied_order desc limit 1;
    if newest <> rollback_migration.version then
        raise exception 'Migration "%" is not the newest.', rollback_migration.version
            using errcode = 'DF002',
                detail = format('"%s" was applied after it.', newest),
                hint = format('Roll back "%s" first.', newest);
    end if;
    if btrim(coalesce(migration.rollback_sql, '')) = '' then
        raise exception 'Migration "%" has no rollback SQL.', rollback_migration.version
            using errcode = 'DF003',
                hint = 'Write a new migration that undoes its effect, or restore a backup.';
    end if;
    resolved_before := public.definitions_that_resolve();
    delete from public.schema_migrations m where m.version = rollback_migration.version;
    dropped := public.run_statements(
        array[coalesce(rollback_migration.statements, migration.rollback_sql)], path_before
    );
    perform public.restore_definitions(dropped);
    -- A function whose body is a string can be created without the tables it reads: it is dropped with them.
    unresolved := array(
        select unnest(resolved_before)
        except
        select unnest(public.definitions_that_resolve())
        union
        select d.path from public.schema_definitions d where not exists (select from public.schema_migrations)
    );
    dropped := public.drop_definitions(unresolved);
    perform public.restore_definitions(array(
        select file from unnest(dropped) with ordinality d (file, place) where file <> all (unresolved) order by place
    ));
    perform public.end_journal(rollback_migration.version, 'down');
    perform public.record_migration_event(
        rollback_migration.version, 'rolled back', migration.checksum, clock_timestamp() - started_at
    );
    perform set_config('search_path', path_before, true);
    return true;
end
$function$;

revoke execute on function public.rollback_migration(text, text) from public;

comment on function public.rollback_migration(text, text) is
    'Takes back the newest migration with its stored rollback SQL and removes it from the ledger; returns true.';
