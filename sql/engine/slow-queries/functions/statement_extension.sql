-- Returns where the extension pg_stat_statements is in this database, and what its version has; no row without it.
--
-- The columns are those of its function, which follow the extension's version and not the server's.
create or replace function public.statement_extension()
returns table (schema_name name, version text, columns text[], has_info boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select
        n.nspname, e.extversion, f.proargnames,
        exists (
            select from pg_proc i where i.pronamespace = f.pronamespace and i.proname = 'pg_stat_statements_info'
        )
    from pg_extension e
    join pg_depend d
        on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
        and d.classid = 'pg_proc'::regclass and d.deptype = 'e'
    join pg_proc f on f.oid = d.objid and f.proname = 'pg_stat_statements'
    join pg_namespace n on n.oid = f.pronamespace
    where e.extname = 'pg_stat_statements';
$function$;

comment on function public.statement_extension() is
    'Returns where the extension pg_stat_statements is in this database, and what its version has; no row without it.';
