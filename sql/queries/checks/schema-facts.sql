-- The server, the database, and whether the tool's tables are there: one row.
--
-- The usual owner is the role that owns the ledger, because it migrates, or where there is no ledger that of the database.
select
    current_setting('server_version') as version,
    current_setting('server_version_num')::integer as version_number,
    current_database()::text as database,
    pg_is_in_recovery() as is_standby,
    pg_get_userbyid(coalesce(
        (select relowner from pg_class where oid = to_regclass('public.schema_migrations')),
        (select datdba from pg_database where datname = current_database())
    ))::text as usual_owner,
    to_regclass('public.schema_engine') is not null and to_regclass('public.partition_policies') is not null as has_engine,
    to_regclass('public.ddl_events') is not null as has_ddl_events,
    exists (select from pg_event_trigger where evtname = 'record_ddl_command' and evtenabled <> 'D') as records_ddl;
