-- What slow-queries must know of the server, the role that is connected and pg_stat_statements: one row.
--
-- The columns are those of the extension's function, which follow the extension's version and not the server's. Whether
-- the module is loaded shows in its settings: where it is not, a value in the configuration is a mere placeholder, which
-- pg_settings leaves out. shared_preload_libraries is missing for roles that may not read it.
select
    current_setting('server_version') as version,
    current_database()::text as database,
    current_user::text as "user",
    pg_is_in_recovery() as is_standby,
    coalesce(host(inet_server_addr()), '') as address,
    coalesce(inet_server_port(), 0) as port,
    pg_postmaster_start_time() as started_at,
    current_setting('block_size')::integer as block_size,
    has_function_privilege('pg_control_system()', 'execute') as can_identify,
    pg_has_role('pg_read_all_stats', 'usage') as reads_all_statistics,
    e.extversion as extension_version,
    a.default_version as available_version,
    n.nspname::text as extension_schema,
    coalesce(has_schema_privilege(n.oid, 'usage') and has_function_privilege(f.oid, 'execute'), false) as can_execute,
    to_jsonb(f.proargnames) as columns,
    exists (select from pg_proc i where i.pronamespace = n.oid and i.proname = 'pg_stat_statements_info') as has_info,
    (
        select bool_and(coalesce(has_table_privilege(to_regclass('public.' || t.name), 'select'), false))
        from unnest(array['statement_snapshots', 'statement_entries', 'statement_texts', 'statement_figures']) t (name)
    ) as reads_snapshots,
    (
        select coalesce(jsonb_object_agg(s.name, s.setting), '{}')
        from pg_settings s
        where s.name in ('shared_preload_libraries', 'compute_query_id', 'track_activities', 'track_io_timing')
            or s.name like 'pg\_stat\_statements.%'
    ) as settings
from (select) one
left join pg_extension e on e.extname = 'pg_stat_statements'
left join pg_available_extensions a on a.name = 'pg_stat_statements'
left join pg_depend d
    on d.classid = 'pg_proc'::regclass
    and d.refclassid = 'pg_extension'::regclass
    and d.refobjid = e.oid
    and d.deptype = 'e'
    and exists (select from pg_proc f where f.oid = d.objid and f.proname = 'pg_stat_statements')
left join pg_proc f on f.oid = d.objid
left join pg_namespace n on n.oid = f.pronamespace
where e.oid is null or f.oid is not null;
