-- Lists the relations and functions that the query of a view reads, through plain views and through functions with a
-- body that PostgreSQL has parsed; not through materialized views, which are read as they are.
--
-- A function whose body is a string hides what it reads: changes_without_bases() names it.
create or replace function public.view_sources(view regclass)
returns table (classid oid, objid oid)
language sql
stable
rows 10
set search_path = pg_catalog, pg_temp
as $function$
    with recursive source (classid, objid) as (
        select 'pg_class'::regclass::oid, view_sources.view::oid
        union
        select d.refclassid, d.refobjid
        from source s
        left join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid
        left join pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
        join pg_depend d
            on d.classid = case when r.oid is null then s.classid else 'pg_rewrite'::regclass::oid end
            and d.objid = coalesce(r.oid, s.objid)
            and d.deptype = 'n'
        where d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass)
            and (c.oid is null or c.relkind = 'v' or c.oid = view_sources.view)
    )
    select s.classid, s.objid
    from source s
    where (s.classid, s.objid) <> ('pg_class'::regclass, view_sources.view::oid);
$function$;

comment on function public.view_sources(regclass) is
    'Lists the relations and functions that the query of a view reads, through plain views and through functions with a body that PostgreSQL has parsed; not through materialized views, which are read as they are.';
