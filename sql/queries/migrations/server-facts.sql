-- What must be known of a server before anything is done to it: one row.
select
    current_setting('server_version_num')::integer as version_number,
    current_setting('server_version') as version,
    pg_is_in_recovery() as standby,
    pg_backend_pid() as process_id,
    current_database() as database,
    current_user as "user",
    to_regclass('public.schema_engine') is not null as has_engine,
    to_regclass('public.schema_migrations') is not null as has_ledger,
    coalesce(has_table_privilege(to_regclass('public.migration_statements'), 'select'), false) as has_journal,
    to_regclass('public.schema_migrations') is not null and (
        select count(*) < 4
        from pg_attribute
        where attrelid = to_regclass('public.schema_migrations')
            and attname in ('version', 'description', 'applied_at', 'rollback_sql')
            and not attisdropped
    ) as ledger_is_foreign,
    coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false) as can_create,
    coalesce(has_table_privilege(to_regclass('public.schema_environment'), 'select'), false) as has_environment,
    current_setting('is_superuser') = 'on' as is_superuser;
