-- Lists the plain views that read a relation directly.
create or replace function public.views_reading(relation regclass)
returns setof regclass
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select distinct v.oid::regclass
    from pg_depend d
    join pg_rewrite r on r.oid = d.objid and r.rulename = '_RETURN'
    join pg_class v on v.oid = r.ev_class and v.relkind = 'v'
    where d.classid = 'pg_rewrite'::regclass
        and d.refclassid = 'pg_class'::regclass
        and d.refobjid = views_reading.relation
        and v.oid <> views_reading.relation;
$function$;

comment on function public.views_reading(regclass) is 'Lists the plain views that read a relation directly.';
