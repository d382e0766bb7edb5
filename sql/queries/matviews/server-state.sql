-- What of the server and the user matters to materialized views, and whether everybody's refreshes are recorded.
select
    current_database()::text as database,
    pg_is_in_recovery() as is_standby,
    current_setting('server_version_num')::integer as server_version,
    current_user::text as "user",
    least(
        -- Slots that are kept for superusers are no slots to rely on.
        current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
        - coalesce(current_setting('reserved_connections', true)::integer, 0),
        nullif(d.datconnlimit, -1),
        (select nullif(r.rolconnlimit, -1) from pg_roles r where r.rolname = session_user)
    ) as connection_limit,
    exists (
        select from pg_event_trigger t where t.evtname = 'record_foreign_refresh' and t.evtenabled <> 'D'
    ) as records_all
from pg_database d
where d.datname = current_database();
