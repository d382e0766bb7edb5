-- Lists the objects of functions/ and views/ that exist, with their addresses in the catalog.
create or replace function public.definition_objects()
returns table (path text, classid oid, objid oid, identity text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select d.path, a.classid, a.objid, o.identity
    from public.schema_definitions d
    cross join lateral unnest(d.objects) o(identity)
    cross join lateral (
        select 'pg_proc'::regclass::oid, to_regprocedure(o.identity)::oid where d.kind = 'function'
        union all
        select 'pg_class'::regclass::oid, to_regclass(o.identity)::oid where d.kind = 'view'
    ) a(classid, objid)
    where a.objid is not null;
$function$;

comment on function public.definition_objects() is
    'Lists the objects of functions/ and views/ that exist, with their addresses in the catalog.';
