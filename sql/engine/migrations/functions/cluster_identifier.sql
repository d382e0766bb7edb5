-- Returns the identifier of this database cluster; null where the caller may not read it.
--
-- Everybody may, unless an administrator has revoked it. In PL/pgSQL, which looks at the privilege of a function only
-- when it comes to calling it.
create or replace function public.cluster_identifier()
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    if has_function_privilege('pg_catalog.pg_control_system()', 'execute') then
        return (select c.system_identifier from pg_control_system() c);
    end if;
    return null;
end
$function$;

comment on function public.cluster_identifier() is
    'Returns the identifier of this database cluster; null where the caller may not read it.';
