-- What must be known of a server before anything is done to it: one row.
select
    current_setting('server_version_num')::integer as version_number,
    current_setting('server_version') as version,
    pg_is_in_recovery() as standby,
    current_database() as database,
    current_user as "user",
    to_regclass('public.schema_engine') is not null as has_engine,
    to_regclass('public.schema_migrations') is not null as has_ledger,
    coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false) as can_create;
