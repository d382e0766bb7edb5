-- Returns a digest of the rows in the catalog that hold owner, privileges and comments of views: it changes with them.
create or replace function public.view_rows_digest(views regclass[])
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select md5(string_agg(r.place, ' ' order by r.place))
    from (
        select format('%s %s', c.ctid, c.xmin) from pg_class c where c.oid = any (views)
        union all
        select format('%s %s', a.ctid, a.xmin) from pg_attribute a where a.attrelid = any (views) and a.attnum > 0
        union all
        select format('%s %s', d.ctid, d.xmin)
        from pg_description d
        where d.classoid = 'pg_class'::regclass
            and d.objoid in (select unnest(views) union all select i.indexrelid from pg_index i where i.indrelid = any (views))
    ) r (place);
$function$;

comment on function public.view_rows_digest(regclass[]) is
    'Returns a digest of the rows in the catalog that hold owner, privileges and comments of views: it changes with them.';
