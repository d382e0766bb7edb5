-- The server, the database, and whether the tool's tables are there: one row.
select
    current_setting('server_version') as version,
    current_setting('server_version_num')::integer as version_number,
    current_database()::text as database,
    to_regclass('public.schema_engine') is not null and to_regclass('public.partition_policies') is not null as has_engine,
    to_regclass('public.ddl_events') is not null as has_ddl_events;
