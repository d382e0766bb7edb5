-- Returns the statements that create the keys and indexes of a plain table on the partitioned one that takes its name.
create or replace function public.conversion_index_statements(relation regclass, column_name name)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with key as (
        select k.* from public.conversion_key(relation, column_name) k
    )
    select format(
        'alter table %s add constraint %I primary key (%s%s)%s%s',
        relation, key.name, key.columns,
        case when key.lacks_column then ', ' || quote_ident(column_name) else '' end,
        key.included, key.timing
    )
    from key
    union all
    select case
        when k.oid is not null then
            format('alter table %s add constraint %I %s', relation, k.conname, pg_get_constraintdef(k.oid))
        else pg_get_indexdef(i.indexrelid)
    end
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype = 'u'
    where i.indrelid = relation
        and not i.indisprimary
        and c.relname not in (public.partition_name(relation, 'convert_key'), public.partition_name(relation, 'undo_key'))
    union all
    -- An index that is the replica identity, under the name that the key keeps on the partitioned table.
    select format('alter table %s replica identity using index %I', relation, c.relname)
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class t on t.oid = i.indrelid and t.relreplident = 'i'
    where i.indrelid = relation and i.indisreplident;
$function$;

comment on function public.conversion_index_statements(regclass, name) is
    'Returns the statements that create the keys and indexes of a plain table on the partitioned one that takes its name.';
