-- Lists the objects of functions/ and views/ that exist, with their addresses in the catalog.
--
-- Up to PostgreSQL 15, to_regprocedure() fails where the type of an argument has gone, which a rollback does; so a
-- function is looked for among those of its name.
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
        select 'pg_proc'::regclass::oid, p.oid
        from pg_proc p
        where d.kind = 'function' and p.proname = (parse_ident(o.identity, false))[2]::name
            and p.oid::regprocedure::text = o.identity
        union all
        select 'pg_class'::regclass::oid, to_regclass(o.identity)::oid where d.kind = 'view'
    ) a(classid, objid)
    where a.objid is not null;
$function$;

comment on function public.definition_objects() is
    'Lists the objects of functions/ and views/ that exist, with their addresses in the catalog.';
