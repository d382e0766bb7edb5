-- Builds a fresh copy of a materialized view beside it, with data, indexes, statistics, owner and privileges.
--
-- Takes no lock on the view but ACCESS SHARE on what its query reads. The copy is filled by REFRESH and not by CREATE,
-- because REFRESH runs the query as the owner, for whom row-level security and rights may be others than for the
-- caller; up to PostgreSQL 16 it does so under the session's search_path, which the caller gives.
create or replace function public.copy_materialized_view(view regclass, search_path text)
returns regclass
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set default_tablespace = ''
as $function$
declare
    copy text;
    create_copy text;
    statement text;
begin
    select
        format('%s.%I', c.relnamespace::regnamespace, public.copy_name(c.relname, c.oid)),
        format(
            'create materialized view %s.%I (%s) using %I %s %s as %s with no data',
            c.relnamespace::regnamespace,
            public.copy_name(c.relname, c.oid),
            (
                select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
                from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            ),
            m.amname,
            'with (' || array_to_string(public.storage_parameters_of(c.oid), ', ') || ')',
            'tablespace ' || quote_ident(s.spcname),
            rtrim(pg_get_viewdef(c.oid), ';')
        )
    into strict copy, create_copy
    from pg_class c
    join pg_am m on m.oid = c.relam
    left join pg_tablespace s on s.oid = c.reltablespace
    where c.oid = copy_materialized_view.view;
    execute create_copy;
    -- How a column is stored counts for the indexes that are made afterwards.
    for statement in
        select public.copy_property_statements(view, copy::regclass)
        union all
        select public.copy_index_statements(view, copy::regclass)
    loop
        execute statement;
    end loop;
    perform public.run_refresh(copy::regclass, 'plain', search_path);
    execute format('analyze %s', copy);
    return copy;
end
$function$;

revoke execute on function public.copy_materialized_view(regclass, text) from public;

comment on function public.copy_materialized_view(regclass, text) is
    'Builds a fresh copy of a materialized view beside it, with data, indexes, statistics, owner and privileges.';
