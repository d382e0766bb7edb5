-- What decides which checks can run: one row.
select
    current_database()::text as database,
    current_user::text as "user",
    current_setting('server_version') as version,
    pg_is_in_recovery() as is_standby,
    pg_has_role('pg_read_all_stats', 'usage') as reads_all_statistics,
    current_setting('archive_mode') <> 'off' as is_archiving,
    current_setting('data_checksums') = 'on' as has_checksums,
    to_regclass('public.partition_policies') is not null
        and to_regprocedure('public.count_strays(regclass, text)') is not null as has_partitions_engine,
    to_regclass('public.matview_policies') is not null
        and to_regprocedure('public.matview_fresh_at(regclass)') is not null as has_views_engine;
