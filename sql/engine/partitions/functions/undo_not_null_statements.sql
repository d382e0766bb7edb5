-- Returns the statement that makes the key of a converted table nullable again where the preparation made it NOT NULL.
create or replace function public.undo_not_null_statements(relation regclass, original regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format('alter table %s alter column %I drop not null, drop constraint %I', original, a.attname, k.conname)
    from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.conrelid = original and k.contype = 'c' and k.conname = public.partition_name(relation, 'convert_not_null');
$function$;

comment on function public.undo_not_null_statements(regclass, regclass) is
    'Returns the statement that makes the key of a converted table nullable again where the preparation made it NOT NULL.';
