-- Returns the statements that build the primary key of before on the partition that a conversion made, as far as they have not run.
create or replace function public.undo_key_statements(relation regclass, original regclass, column_name name)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with key as (
        select
            k.included, k.options,
            (select c.relnamespace::regnamespace from pg_class c where c.oid = relation) as schema,
            public.partition_name(relation, 'undo_key') as name,
            left(k.columns, - length(', ' || quote_ident(column_name))) as columns
        from public.conversion_key(original, column_name) k
        where k.name = public.partition_name(relation, 'convert_key')
    ), existing as (
        select i.indisvalid
        from key
        join pg_class c on c.relname = key.name and c.relnamespace = key.schema
        join pg_index i on i.indexrelid = c.oid
    )
    select format('drop index concurrently %s.%I', key.schema, key.name)
    from key
    cross join existing
    where not existing.indisvalid
    union all
    select format(
        'create unique index concurrently %I on %s (%s)%s%s', key.name, original, key.columns, key.included, key.options
    )
    from key
    where not exists (select from existing where existing.indisvalid);
$function$;

comment on function public.undo_key_statements(regclass, regclass, name) is
    'Returns the statements that build the primary key of before on the partition that a conversion made, as far as they have not run.';
