-- Returns the column by which a table is partitioned, and how it holds a time.
--
-- Raises DF020 for a table that has no partitions by ranges of one column of time. The encoding is "date", "timestamp"
-- or "timestamptz" for a column of that type; for uuid and bigint it is what the policy says.
create or replace function public.partition_key(parent regclass)
returns table (column_name name, type_name regtype, encoding text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    found record;
    reason text;
begin
    select c.relkind, t.partstrat, t.partnatts, a.attname, a.atttypid::regtype as type_name, p.key_encoding
    into found
    from pg_class c
    left join pg_partitioned_table t on t.partrelid = c.oid
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = t.partattrs[0] and a.attnum > 0
    left join public.partition_policies p on p.parent = c.oid
    where c.oid = partition_key.parent;
    reason := case
        when found.relkind is null then 'does not exist'
        when found.partstrat is null then 'is not partitioned'
        when found.partstrat <> 'r' then
            format('is partitioned by %s and not by ranges', case found.partstrat when 'l' then 'lists' else 'hash' end)
        when found.partnatts > 1 then 'is partitioned by several columns'
        when found.attname is null then 'is partitioned by an expression'
        when found.type_name not in (
            'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'uuid'::regtype, 'bigint'::regtype
        ) then format('is partitioned by a column of type %s, which holds no time', found.type_name)
        when found.type_name = 'uuid'::regtype and found.key_encoding is distinct from 'uuidv7'
            or found.type_name = 'bigint'::regtype and found.key_encoding is null
            or found.type_name = 'bigint'::regtype and found.key_encoding not like 'epoch%'
            then format('is partitioned by a column of type %s, and its policy does not say how that holds a time', found.type_name)
    end;
    if reason is not null then
        raise exception 'Table "%" %.', coalesce(partition_key.parent::text, '?'), reason
            using errcode = 'DF020',
                hint = case
                    when found.partstrat is null then
                        'A table that has rows becomes a partitioned one with "doramaflix-db partitions convert".'
                    when found.partstrat = 'r' and found.type_name in ('uuid'::regtype, 'bigint'::regtype) then
                        'Set key_encoding in partition_policies: uuidv7, or epoch_seconds, epoch_milliseconds, '
                        'epoch_microseconds, epoch_nanoseconds.'
                    else 'Partitions by time need PARTITION BY RANGE with one column of type date, timestamp, timestamptz, '
                        'uuid (version 7) or bigint (an epoch).'
                end;
    end if;
    return query select
        found.attname,
        found.type_name,
        case found.type_name
            when 'date'::regtype then 'date'
            when 'timestamp'::regtype then 'timestamp'
            when 'timestamptz'::regtype then 'timestamptz'
            else found.key_encoding
        end;
end
$function$;

comment on function public.partition_key(regclass) is
    'Returns the column by which a table is partitioned, and how it holds a time.';
