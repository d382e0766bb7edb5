-- Replaces or removes rows of the ledger that disagree with the files; what each row was stays in the history.
--
-- `repairs` is an array of objects: version is that of the row, and replacement an object with the keys version,
-- description, up_sql, rollback_sql, irreversible and checksum, or null to remove the row. The order in which
-- migrations were applied, when and by whom stay as they are. The caller holds the migration lock.
create or replace function public.repair_migrations(repairs jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    repair record;
    previous public.schema_migrations;
begin
    for repair in
        select r.version, n.version as new_version, n.description, n.up_sql, n.rollback_sql, n.irreversible, n.checksum
        from jsonb_to_recordset(repairs) r (version text, replacement jsonb)
        left join lateral jsonb_to_record(r.replacement)
            n (version text, description text, up_sql text, rollback_sql text, irreversible text, checksum text) on true
    loop
        select * into previous from public.schema_migrations m where m.version = repair.version for update;
        if not found then
            raise exception 'Migration "%" is not applied.', repair.version
                using errcode = 'DF004',
                    hint = 'SELECT * FROM get_migration_status() lists the applied migrations.';
        end if;
        if repair.new_version is null then
            delete from public.schema_migrations m where m.version = repair.version;
        else
            update public.schema_migrations m
            set version = repair.new_version, description = repair.description, up_sql = repair.up_sql,
                rollback_sql = repair.rollback_sql, irreversible = repair.irreversible, checksum = repair.checksum
            where m.version = repair.version;
        end if;
        insert into public.migration_events (version, event, checksum, previous)
        values (
            coalesce(repair.new_version, repair.version), 'repaired', repair.checksum, to_jsonb(previous)
        );
    end loop;
end
$function$;

revoke execute on function public.repair_migrations(jsonb) from public;

comment on function public.repair_migrations(jsonb) is
    'Replaces or removes rows of the ledger that disagree with the files; what each row was stays in the history.';
