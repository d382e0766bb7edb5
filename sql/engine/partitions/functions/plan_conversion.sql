-- Returns the statements that turn a prepared table into a partitioned one, in the order in which one transaction runs them.
--
-- The first one lets readers and writers go on while the others are planned; the second one locks the table against
-- everything until the end. ATTACH then locks the tables that its foreign keys refer
-- to in the same way, because their triggers change hands. No statement reads the table: its CHECK proves the bounds.
create or replace function public.plan_conversion(
    relation regclass, column_name name, granularity text, encoding text, cut timestamp, ahead integer,
    as_of timestamptz default now()
)
returns table (statement text, lock_mode text, locked text[])
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    schema constant text := (select c.relnamespace::regnamespace from pg_class c where c.oid = relation);
    suffix constant text := 'before_' || to_char(cut, 'YYYY_MM_DD');
    original_name constant name := public.partition_name(relation, suffix);
    original constant text := format('%s.%I', schema, original_name);
    referenced constant text[] := (
        select array_agg(distinct k.confrelid::regclass::text)
        from pg_constraint k
        where k.conrelid = relation and k.contype = 'f'
    );
    key_name constant name := public.partition_name(relation, 'convert_key');
    key record;
begin
    select * into key from public.conversion_key(relation, column_name);
    return query
    select format('lock table %s in %s mode', relation, lower(mode)), mode, array[relation::text]
    from unnest('{SHARE UPDATE EXCLUSIVE,ACCESS EXCLUSIVE}'::text[]) mode;
    return query
    select s, null, null::text[] from (
        select format('drop trigger %I on %s', t.tgname, relation)
        from pg_trigger t where t.tgrelid = relation and not t.tgisinternal
        union all
        select format(
            'alter table %1$s drop constraint %2$I, add constraint %3$I primary key using index %3$I%4$s',
            relation, key.name, key_name, key.timing
        )
        where key.lacks_column
        union all
        select format('alter table %s replica identity using index %I', relation, key_name)
        from pg_index i where i.indexrelid = key.key_index and i.indisreplident and key.lacks_column
        union all
        select format('alter publication %I drop table %s', p.pubname, relation)
        from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = relation
        union all
        select format('alter table %s rename to %I', relation, original_name)
        union all
        select format('alter index %s rename to %I', i.indexrelid::regclass, public.partition_name(i.indexrelid, suffix))
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        where i.indrelid = relation and not (i.indisprimary and key.lacks_column)
            and c.relname not in (key_name, public.partition_name(relation, 'undo_key'))
        union all
        select p from public.conversion_parent_statements(relation, column_name, original) p
        union all
        select m from public.move_sequence_statements(relation, original, relation::text) m
    ) steps (s);
    return query select
        format(
            'alter table %s attach partition %s %s', relation, original, public.partition_bounds('-infinity', cut, encoding)
        ),
        case when referenced is not null then 'ACCESS EXCLUSIVE' end, referenced;
    return query
    select s, null, null::text[]
    from public.conversion_policy_statements(relation, granularity, encoding, ahead) s;
    return query
    select s, null, null::text[] from public.publication_statements(relation, relation::text) s;
    return query
    select format('select public.create_partition(%L, %L, %L)', relation, granularity, at::date), null, null::text[]
    from public.partition_period(granularity, as_of at time zone 'UTC') present
    cross join lateral generate_series(cut, greatest(cut, present.lower_bound), present.step) at;
end
$function$;

comment on function public.plan_conversion(regclass, name, text, text, timestamp, integer, timestamptz) is
    'Returns the statements that turn a prepared table into a partitioned one, in the order in which one transaction runs them.';
