-- Writes the statements that give a copy of a materialized view the owner, privileges, comments and settings of the view.
--
-- The owner comes first, because it decides what the others may be. Indexes and storage parameters are not among them.
create or replace function public.copy_property_statements(view regclass, copy regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with column_of as (
        select a.*, quote_ident(a.attname) as quoted, t.typstorage
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        where a.attrelid = copy_property_statements.view and a.attnum > 0 and not a.attisdropped
    ), statement (step, place, text) as (
        select
            case property when 'owner' then 1 else 3 end, 0,
            public.property_statement(copy::text, property, item, value)
        from public.table_properties(view)
        where property not in ('privileges', 'storage parameter')
        union all
        select 2, p.place, p.statement
        from public.copy_privilege_statements(view, copy) with ordinality p (statement, place)
        union all
        select 3, 0, format('alter table %s alter column %s %s', copy, quoted, setting.clause)
        from column_of
        cross join lateral (
            values
                (
                    'set storage ' || case attstorage
                        when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended'
                    end,
                    attstorage <> typstorage
                ),
                ('set compression ' || case attcompression when 'l' then 'lz4' else 'pglz' end, attcompression <> ''),
                ('set (' || array_to_string(attoptions, ', ') || ')', attoptions is not null)
        ) setting (clause, is_set)
        where setting.is_set
        union all
        select
            3,
            0,
            case d.objsubid
                when 0 then format('comment on materialized view %s is %L', copy, d.description)
                else format('comment on column %s.%I is %L', copy, a.attname, d.description)
            end
        from pg_description d
        left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
        where d.classoid = 'pg_class'::regclass and d.objoid = copy_property_statements.view
    )
    select text from statement order by step, place, text;
$function$;

comment on function public.copy_property_statements(regclass, regclass) is
    'Writes the statements that give a copy of a materialized view the owner, privileges, comments and settings of the view.';
