-- Returns what the statements of this database have cost, as pg_stat_statements counts it; no row without the extension.
--
-- Statements of others count too where the caller may not see their texts.
create or replace function public.statement_totals()
returns table (statements bigint, calls bigint, seconds double precision)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    extension record;
begin
    select e.schema_name into extension from public.statement_extension() e;
    if not found then
        return;
    end if;
    return query execute format(
        'select count(*), sum(s.calls)::bigint, sum(s.total_exec_time) / 1000
         from %I.pg_stat_statements(false) s
         where s.dbid = (select d.oid from pg_database d where d.datname = current_database())',
        extension.schema_name
    );
-- Without its module in shared_preload_libraries the extension counts nothing.
exception
    when object_not_in_prerequisite_state then
        return;
end
$function$;

comment on function public.statement_totals() is
    'Returns what the statements of this database have cost, as pg_stat_statements counts it; no row without the extension.';
