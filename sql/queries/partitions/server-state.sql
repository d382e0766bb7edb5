-- The name of the database, and whether its server takes no changes.
select current_database()::text as database, pg_is_in_recovery() as is_standby;
