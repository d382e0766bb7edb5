-- Returns the statements that undo what the preparation of a conversion has made of a table, each a transaction of its own.
create or replace function public.plan_preparation_undo(relation regclass)
returns table (statement text, lock_mode text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format('drop index concurrently %s', i.indexrelid::regclass), 'SHARE UPDATE EXCLUSIVE'
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where i.indrelid = relation and not i.indisprimary and c.relname = public.partition_name(relation, 'convert_key')
    union all
    select
        format(
            'alter table %s alter column %I drop not null, drop constraint %I',
            relation,
            (select a.attname from pg_attribute a where a.attrelid = relation and a.attnum = k.conkey[1]),
            k.conname
        ),
        'ACCESS EXCLUSIVE'
    from pg_constraint k
    where k.conrelid = relation and k.contype = 'c' and k.conname = public.partition_name(relation, 'convert_not_null')
    union all
    select format('alter table %s drop constraint %I', relation, k.conname), 'ACCESS EXCLUSIVE'
    from pg_constraint k
    where k.conrelid = relation and k.contype = 'c' and k.conname = public.partition_name(relation, 'convert_cut');
$function$;

comment on function public.plan_preparation_undo(regclass) is
    'Returns the statements that undo what the preparation of a conversion has made of a table, each a transaction of its own.';
