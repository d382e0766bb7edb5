-- Lists in what a copy differs from its materialized view, apart from names and contents; nothing when in nothing.
create or replace function public.copy_differences(view regclass, copy regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with property (relation, text) as (
        select r.relation, public.copy_property_statements(r.relation, copy_differences.copy)
        from (values (copy_differences.view), (copy_differences.copy)) r (relation)
        union all
        select
            c.oid::regclass,
            concat_ws(' ', 'access method', c.relam, 'tablespace', c.reltablespace, public.storage_parameters_of(c.oid))
        from pg_class c
        where c.oid in (copy_differences.view, copy_differences.copy)
        union all
        select a.attrelid::regclass, format('column %s %I', a.attnum, a.attname)
        from pg_attribute a
        where a.attrelid in (copy_differences.view, copy_differences.copy) and a.attnum > 0
        union all
        select
            i.indrelid::regclass,
            concat_ws(
                ' ', 'index', case i.indrelid when copy_differences.view then public.copy_name(c.relname, c.oid) else c.relname end,
                c.relam, c.reltablespace, c.reloptions, i.indisunique, i.indisclustered, to_jsonb(i) -> 'indnullsnotdistinct',
                i.indkey, i.indclass, i.indcollation, i.indoption, pg_get_expr(i.indexprs, i.indrelid),
                pg_get_expr(i.indpred, i.indrelid), obj_description(c.oid, 'pg_class'),
                (
                    select string_agg(concat(a.attstattarget, a.attoptions), ',' order by a.attnum)
                    from pg_attribute a
                    where a.attrelid = c.oid
                )
            )
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        where i.indrelid in (copy_differences.view, copy_differences.copy) and i.indisvalid
    ), different as (
        select p.text
        from property p
        group by p.text
        having count(*) filter (where p.relation = copy_differences.view)
            <> count(*) filter (where p.relation = copy_differences.copy)
    )
    select text from different order by text;
$function$;

comment on function public.copy_differences(regclass, regclass) is
    'Lists in what a copy differs from its materialized view, apart from names and contents; nothing when in nothing.';
