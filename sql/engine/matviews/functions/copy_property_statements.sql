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
    ), statement (place, text) as (
        select case property when 'owner' then 1 else 3 end, public.property_statement(copy::text, property, item, value)
        from public.table_properties(view)
        where property <> 'storage parameter'
        union all
        -- What ALTER DEFAULT PRIVILEGES gave it.
        select 2, format('revoke all on %s from %s', copy, item)
        from public.table_properties(copy)
        where property = 'privileges'
        union all
        select
            3,
            format(
                'grant %s (%s) on %s to %s%s',
                lower(a.privilege_type), quoted, copy,
                case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' end
            )
        from column_of
        cross join lateral aclexplode(attacl) a
        union all
        select 3, format('alter table %s alter column %s %s', copy, quoted, setting.clause)
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
            case d.objsubid
                when 0 then format('comment on materialized view %s is %L', copy, d.description)
                else format('comment on column %s.%I is %L', copy, a.attname, d.description)
            end
        from pg_description d
        left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
        where d.classoid = 'pg_class'::regclass and d.objoid = copy_property_statements.view
    )
    select text from statement order by place;
$function$;

comment on function public.copy_property_statements(regclass, regclass) is
    'Writes the statements that give a copy of a materialized view the owner, privileges, comments and settings of the view.';
