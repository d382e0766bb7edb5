-- The database, and whether it can be changed: one row.
select
    current_database()::text as database,
    pg_is_in_recovery() as is_standby,
    to_regprocedure('public.plan_retirement(regclass, timestamptz)') is not null as has_engine;
