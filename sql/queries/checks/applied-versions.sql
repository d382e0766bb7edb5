-- The migrations that are applied, by their names.
select version::text as version from public.schema_migrations order by version;
