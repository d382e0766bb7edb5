-- Writes the statements that give a view, its columns and indexes those comments of the one that it replaces which its
-- file does not state.
create or replace function public.comment_adoption_statements(built regclass, replaced regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select case d.objsubid
        when 0 then format(
            'comment on %s %s is %L', case b.relkind when 'm' then 'materialized view' else 'view' end, b.oid::regclass,
            d.description
        )
        else format('comment on column %s.%I is %L', b.oid::regclass, new.attname, d.description)
    end
    from pg_description d
    join pg_class b on b.oid = comment_adoption_statements.built
    left join pg_attribute old on old.attrelid = d.objoid and old.attnum = d.objsubid
    left join pg_attribute new on new.attrelid = b.oid and new.attname = old.attname
    where d.classoid = 'pg_class'::regclass and d.objoid = comment_adoption_statements.replaced
        and (d.objsubid = 0 or new.attnum is not null)
        and not exists (
            select
            from pg_description own
            where own.classoid = d.classoid and own.objoid = b.oid and own.objsubid = coalesce(new.attnum, 0)
        )
    union all
    select format('comment on index %s is %L', b.oid::regclass, obj_description(r.oid, 'pg_class'))
    from pg_index built_index
    join pg_class b on b.oid = built_index.indexrelid
    join pg_index replaced_index on replaced_index.indrelid = comment_adoption_statements.replaced
    join pg_class r on r.oid = replaced_index.indexrelid and r.relname = b.relname
    where built_index.indrelid = comment_adoption_statements.built
        and obj_description(r.oid, 'pg_class') is not null and obj_description(b.oid, 'pg_class') is null;
$function$;

comment on function public.comment_adoption_statements(regclass, regclass) is
    'Writes the statements that give a view, its columns and indexes those comments of the one that it replaces which its file does not state.';
