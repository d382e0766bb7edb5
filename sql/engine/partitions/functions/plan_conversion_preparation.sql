-- Returns the statements that prepare the conversion of a table and have not run yet, each a transaction of its own.
--
-- Readers and writers go on: what reads the whole table takes SHARE UPDATE EXCLUSIVE, and what takes ACCESS EXCLUSIVE reads
-- nothing. The CHECK for the cut comes last, because from then on rows from the cut on are refused. A column that is made
-- NOT NULL keeps the CHECK that proved it: it tells that undoing is to take NOT NULL away again.
create or replace function public.plan_conversion_preparation(
    relation regclass, column_name name, encoding text, cut timestamp
)
returns table (statement text, lock_mode text, reads_table boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    schema constant text := (select c.relnamespace::regnamespace from pg_class c where c.oid = relation);
    key_name constant name := public.partition_name(relation, 'convert_key');
    cut_name constant name := public.partition_name(relation, 'convert_cut');
    proof_name constant name := public.partition_name(relation, 'convert_not_null');
    key record;
    is_valid boolean;
    is_not_null constant boolean := (
        select a.attnotnull from pg_attribute a
        where a.attrelid = relation and a.attname = plan_conversion_preparation.column_name
    );
begin
    select * into key from public.conversion_key(relation, column_name);
    if key.lacks_column then
        is_valid := (
            select i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid
            where i.indrelid = relation and c.relname = key_name
        );
        if not is_valid then
            return query
            select format('drop index concurrently %s.%I', schema, key_name), 'SHARE UPDATE EXCLUSIVE', false;
        end if;
        if is_valid is not true then
            return query select
                format(
                    'create unique index concurrently %I on %s (%s, %I)%s%s',
                    key_name, relation, key.columns, column_name, key.included, key.options
                ),
                'SHARE UPDATE EXCLUSIVE', true;
        end if;
    end if;
    is_valid := (select k.convalidated from pg_constraint k where k.conrelid = relation and k.conname = proof_name);
    if not is_not_null then
        return query
        select s.* from public.online_check_statements(
            relation, proof_name, format('%I is not null', column_name), is_valid
        ) s;
        return query
        select format('alter table %s alter column %I set not null', relation, column_name), 'ACCESS EXCLUSIVE', false;
    end if;
    return query
    select s.* from public.online_check_statements(
        relation,
        cut_name,
        format('%I < %L::%s', column_name, public.encode_partition_bound(cut, encoding), (
            select format_type(a.atttypid, null) from pg_attribute a
            where a.attrelid = relation and a.attname = plan_conversion_preparation.column_name
        )),
        (select k.convalidated from pg_constraint k where k.conrelid = relation and k.conname = cut_name)
    ) s;
end
$function$;

comment on function public.plan_conversion_preparation(regclass, name, text, timestamp) is
    'Returns the statements that prepare the conversion of a table and have not run yet, each a transaction of its own.';
