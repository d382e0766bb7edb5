-- What the doctor must know of the server, the database and the role that is connected: one row.
select
    current_setting('server_version') as version,
    current_setting('server_version_num')::integer as version_number,
    pg_is_in_recovery() as is_standby,
    current_database()::text as database,
    current_user::text as "user",
    pg_backend_pid() as process_id,
    coalesce(host(inet_server_addr()), '') as address,
    clock_timestamp() as clock,
    pg_encoding_to_char(d.encoding)::text as encoding,
    d.datcollate as locale,
    d.datcollversion as collation_version,
    case when d.datcollversion is not null then pg_database_collation_actual_version(d.oid) end as actual_collation_version,
    pg_has_role('pg_read_all_stats', 'usage') as reads_all_statistics,
    coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false) as can_create,
    coalesce((select s.ssl from pg_stat_ssl s where s.pid = pg_backend_pid()), false) as is_encrypted,
    (select count(*)::integer from pg_stat_activity a where a.backend_type = 'client backend') as connections,
    e.extversion as statements_version,
    a.default_version as statements_default_version,
    t.oid is not null as has_engine,
    coalesce(has_table_privilege(t.oid, 'select'), false)
        and has_schema_privilege(t.relnamespace, 'usage') as reads_engine
from pg_database d
-- Not by to_regclass(), which fails for who may not use the schema.
left join pg_class t on t.relnamespace = to_regnamespace('public') and t.relname = 'schema_engine'
left join pg_extension e on e.extname = 'pg_stat_statements'
left join pg_available_extensions a on a.name = 'pg_stat_statements'
where d.datname = current_database();
