-- Returns the statements that put the table of before in the place of the partitioned one, for one transaction.
--
-- Rows are inserted while the table has no triggers, so that none fires for a row that is only moved. The partitioned table
-- goes with its partitions, without CASCADE: what has come to depend on it makes the whole fail.
create or replace function public.undo_conversion_statements(relation regclass, original regclass, column_name name)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with key as (
        select
            old.name as new_name, parent.name, parent.timing,
            old.name = public.partition_name(relation, 'convert_key') as is_replaced
        from public.conversion_key(original, column_name) old
        cross join public.conversion_key(relation, column_name) parent
    ), columns as (
        select string_agg(quote_ident(a.attname), ', ' order by a.attnum) as list
        from pg_attribute a
        where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    )
    select format('lock table %s in %s mode', relation, mode)
    from unnest('{share update exclusive,access exclusive}'::text[]) mode
    union all
    select format('alter table %s detach partition %s', relation, original)
    union all
    select format('alter table %s drop constraint %I', original, public.partition_name(relation, 'convert_cut'))
    union all
    select format(
        'alter table %1$s drop constraint %2$I, add constraint %3$I primary key using index %3$I%4$s',
        original, key.new_name, public.partition_name(relation, 'undo_key'), key.timing
    )
    from key
    where key.is_replaced
    union all
    select s.statement from public.undo_not_null_statements(relation, original) s (statement)
    union all
    select format(
        'insert into %1$s (%2$s) overriding system value select %2$s from %3$s', original, columns.list, relation
    )
    from columns
    union all
    select s.statement from public.move_sequence_statements(relation, relation::text, original::text) s (statement)
    union all
    select format('delete from public.partition_policies where parent = %L::regclass', relation)
    union all
    select format('drop table %s', relation)
    union all
    select format('alter table %s rename to %I', original, c.relname) from pg_class c where c.oid = relation
    union all
    select format(
        'alter index %s.%I rename to %I',
        c.relnamespace::regnamespace,
        case when i.indisprimary and key.is_replaced then public.partition_name(relation, 'undo_key') else c.relname end,
        parent.relname
    )
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_inherits h on h.inhrelid = i.indexrelid
    join pg_index parent_index on parent_index.indexrelid = h.inhparent and parent_index.indrelid = relation
    join pg_class parent on parent.oid = h.inhparent
    left join key on true
    where i.indrelid = original
    union all
    select s.statement from public.undo_leftover_statements(relation, original) s (statement);
$function$;

comment on function public.undo_conversion_statements(regclass, regclass, name) is
    'Returns the statements that put the table of before in the place of the partitioned one, for one transaction.';
