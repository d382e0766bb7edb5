-- Lists the functions, or the view, of a name as it stands in a file, with the places of their rows in the catalog.
--
-- A row that is created or replaced gets a new place. A view is looked up along `search_path`; functions of all
-- schemas are listed.
create or replace function public.objects_named(kind text, name text, search_path text)
returns table (identity text, place text)
language plpgsql
volatile
as $function$
declare
    view_id oid;
begin
    perform pg_catalog.set_config('search_path', objects_named.search_path, true);
    view_id := pg_catalog.to_regclass(objects_named.name);
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    return query
        select p.oid::regprocedure::text, p.ctid::text
        from pg_proc p
        where objects_named.kind = 'function'
            and p.proname = (parse_ident(objects_named.name))[cardinality(parse_ident(objects_named.name))]
        union all
        select c.oid::regclass::text, null
        from pg_class c
        where objects_named.kind = 'view' and c.oid = view_id and c.relkind in ('v', 'm');
end
$function$;

revoke execute on function public.objects_named(text, text, text) from public;

comment on function public.objects_named(text, text, text) is
    'Lists the functions, or the view, of a name as it stands in a file, with the places of their rows in the catalog.';
