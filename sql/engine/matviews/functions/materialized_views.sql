-- Lists the materialized views of the database with the order in which they have to be refreshed.
--
-- Level 0 reads no other materialized view; each further level reads one of the level below. `needs` holds those that
-- a view reads directly or through plain views and functions.
create or replace function public.materialized_views()
returns table (view regclass, schema_name name, view_name name, level integer, needs regclass[])
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with recursive matview as materialized (
        select c.oid, n.nspname, c.relname
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'm'
    ), needed as materialized (
        select m.oid as view, s.objid as source
        from matview m
        cross join lateral public.view_sources(m.oid::regclass) s
        join matview other on other.oid = s.objid
        where s.classid = 'pg_class'::regclass
    ), leveled (view, level) as (
        select oid, 0 from matview
        union
        select n.view, l.level + 1
        from leveled l
        join needed n on n.source = l.view
        -- A function that was replaced can read a view that calls it.
        where l.level < (select count(*) from matview)
    )
    select
        m.oid::regclass, m.nspname, m.relname, max(l.level),
        coalesce(
            (
                select array_agg(n.source::regclass order by n.source::regclass::text)
                from needed n
                where n.view = m.oid
            ),
            '{}'
        )
    from matview m
    join leveled l on l.view = m.oid
    group by m.oid, m.nspname, m.relname
    order by max(l.level), m.oid::regclass::text;
$function$;

comment on function public.materialized_views() is
    'Lists the materialized views of the database with the order in which they have to be refreshed.';
