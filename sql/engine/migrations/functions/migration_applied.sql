-- Tells whether a migration is applied to this database.
create or replace function public.migration_applied(version text)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select exists (select from public.schema_migrations m where m.version = migration_applied.version);
$function$;

comment on function public.migration_applied(text) is 'Tells whether a migration is applied to this database.';
