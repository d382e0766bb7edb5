-- Lists the applied migrations in the order in which they were applied.
create or replace function public.get_migration_status()
returns table (
    version text,
    description text,
    applied_at timestamptz,
    duration interval,
    applied_by name,
    checksum text,
    reversible boolean
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select m.version, m.description, m.applied_at, m.duration, m.applied_by, m.checksum,
        btrim(coalesce(m.rollback_sql, '')) <> ''
    from public.schema_migrations m
    order by m.applied_order;
$function$;

comment on function public.get_migration_status() is
    'Lists the applied migrations in the order in which they were applied.';
