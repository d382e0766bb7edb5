-- The settings that hold in this database, for everybody or for a role, each with the statement that makes it.
--
-- Those of a role in all databases belong to the server. A database goes by any name, so the statement asks for it.
select
    format('pg_db_role_setting/%s/%s', s.setrole, split_part(setting, '=', 1)) as address,
    'setting' as kind,
    null::text as schema,
    concat(split_part(setting, '=', 1), ' of ' || nullif(s.setrole, 0)::regrole) as name,
    null::text as relation,
    format(
        E'DO $do$\nBEGIN\n    EXECUTE format(\'ALTER %%s SET %%s = %%s\', %s, %L, %L);\nEND\n$do$;',
        case
            when s.setrole = 0 then $$format('DATABASE %I', current_database())$$
            else format($$format('ROLE %%I IN DATABASE %%I', %L, current_database())$$, pg_get_userbyid(s.setrole))
        end,
        split_part(setting, '=', 1),
        -- Lists are written as in the catalog, where each name is quoted as needed.
        case
            when split_part(setting, '=', 1) in ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries')
                then substr(setting, strpos(setting, '=') + 1)
            else quote_literal(substr(setting, strpos(setting, '=') + 1))
        end
    ) as definition
from pg_db_role_setting s
cross join lateral unnest(s.setconfig) setting
where s.setdatabase = (select oid from pg_database where datname = current_database());
