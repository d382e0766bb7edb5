-- Records a migration that this database has already, without running it; returns false when it is recorded already.
--
-- Who applied it, from where and how long it took is not known here: those columns stay null, and the event says who
-- recorded it. A second session that records the same version waits for the first one to commit.
create or replace function public.record_baseline(
    version text,
    description text,
    rollback_sql text,
    up_sql text,
    checksum text,
    applied_at timestamptz default clock_timestamp(),
    irreversible text default null
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    recorded_checksum text;
begin
    insert into public.schema_migrations (
        version, description, applied_at, rollback_sql, irreversible, up_sql, checksum, applied_by, client_address, tool_version
    )
    values (
        record_baseline.version, record_baseline.description, record_baseline.applied_at, record_baseline.rollback_sql,
        record_baseline.irreversible, record_baseline.up_sql, record_baseline.checksum, null, null, null
    )
    on conflict (version) do nothing;
    if found then
        perform public.record_migration_event(record_baseline.version, 'baselined', record_baseline.checksum);
        return true;
    end if;
    select m.checksum into recorded_checksum
    from public.schema_migrations m
    where m.version = record_baseline.version;
    if recorded_checksum like 'sha256:%' and record_baseline.checksum <> recorded_checksum then
        raise exception 'Migration "%" is recorded already, from another text.', record_baseline.version
            using errcode = 'DF001',
                detail = format('Recorded %s, given %s.', recorded_checksum, record_baseline.checksum),
                hint = 'Restore the file as it was recorded, and put the change into a new migration.';
    end if;
    return false;
end
$function$;

revoke execute on function public.record_baseline(text, text, text, text, text, timestamptz, text) from public;

comment on function public.record_baseline(text, text, text, text, text, timestamptz, text) is
    'Records a migration that this database has already, without running it; returns false when it is recorded already.';
