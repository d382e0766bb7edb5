-- Lists what each object of functions/ and views/ refers to, as PostgreSQL has recorded it.
--
-- A view refers through its rewrite rule, to a table directly or through the table's row type. Functions whose body
-- is a string have no recorded references but their argument and result types. Schema public is no reference worth
-- the name: everything is in it.
create or replace function public.definition_references()
returns table (path text, classid oid, objid oid)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select distinct o.path,
        case when t.typrelid <> 0 then 'pg_class'::regclass::oid else d.refclassid end,
        case when t.typrelid <> 0 then t.typrelid else d.refobjid end
    from public.definition_objects() o
    left join pg_rewrite r on o.classid = 'pg_class'::regclass and r.ev_class = o.objid
    join pg_depend d
        on d.classid = case when r.oid is null then o.classid else 'pg_rewrite'::regclass::oid end
        and d.objid = coalesce(r.oid, o.objid)
        and d.refobjid <> o.objid
    left join pg_type e on d.refclassid = 'pg_type'::regclass and e.oid = d.refobjid
    left join pg_type t on t.oid = case when e.typelem <> 0 then e.typelem else e.oid end
    where d.refclassid in (
        'pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass
    )
        and (d.refclassid, d.refobjid) <> ('pg_namespace'::regclass, 'public'::regnamespace);
$function$;

comment on function public.definition_references() is
    'Lists what each object of functions/ and views/ refers to, as PostgreSQL has recorded it.';
