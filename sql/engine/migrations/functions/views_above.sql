-- Lists a view and all views and materialized views that read it or its row type, directly or through others.
--
-- `distance` is the length of the longest way, 0 for the view itself; `path` is the file that a view has, if any. A
-- table stands in the list when a rule of it reads the view.
create or replace function public.views_above(view regclass)
returns table (above regclass, distance integer, path text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with recursive reader (oid, distance) as (
        select views_above.view::oid, 0
        union
        select w.ev_class, r.distance + 1
        from reader r
        join pg_class c on c.oid = r.oid
        join pg_type t on t.oid = c.reltype
        join pg_depend d on (d.refclassid, d.refobjid) in (
            ('pg_class'::regclass, c.oid), ('pg_type'::regclass, t.oid), ('pg_type'::regclass, t.typarray)
        )
        join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid and w.ev_class <> c.oid
    )
    select r.oid::regclass, max(r.distance), max(o.path)
    from reader r
    left join public.definition_objects() o on o.classid = 'pg_class'::regclass and o.objid = r.oid
    group by r.oid;
$function$;

comment on function public.views_above(regclass) is
    'Lists a view and all views and materialized views that read it or its row type, directly or through others.';
