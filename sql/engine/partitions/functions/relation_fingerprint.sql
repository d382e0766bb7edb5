-- Returns a digest that changes when a table, its columns, or what depends on it are changed.
--
-- A lock against other DDL keeps nobody from granting privileges or from creating a view.
create or replace function public.relation_fingerprint(relation regclass)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select md5(concat(
        c::text,
        (select string_agg(a::text, ';' order by a.attnum) from pg_attribute a where a.attrelid = c.oid),
        (
            select string_agg(d::text, ';' order by d.classid, d.objid, d.objsubid, d.refclassid, d.refobjsubid)
            from pg_depend d
            where (d.refclassid, d.refobjid) in (('pg_class'::regclass, c.oid), ('pg_type'::regclass, c.reltype))
        )
    ))
    from pg_class c
    where c.oid = relation;
$function$;

comment on function public.relation_fingerprint(regclass) is
    'Returns a digest that changes when a table, its columns, or what depends on it are changed.';
