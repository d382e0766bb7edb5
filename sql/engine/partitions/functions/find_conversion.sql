-- Returns how far the conversion of a table into a partitioned one has come, as the catalog says: one row.
--
-- The state is "plain", "begun", "converted", or "partitioned" for a table that became so in another way. The original
-- is the table that holds the rows of before the cut: the table itself, or the partition that it has become. Its column
-- and its cut, as the type writes it, are those of the CHECK constraint with which the preparation ends.
create or replace function public.find_conversion(relation regclass)
returns table (state text, original regclass, column_name name, cut text)
language sql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
    select
        case
            when c.relkind <> 'p' then case when k.oid is null and not begun.is_so then 'plain' else 'begun' end
            when k.oid is null then 'partitioned'
            else 'converted'
        end,
        coalesce(k.conrelid, c.oid)::regclass,
        a.attname,
        substring(pg_get_constraintdef(k.oid) from $pattern$< '([^']*)'::[a-z ]+\)\)$pattern$)
    from pg_class c
    left join pg_constraint k on k.conname = public.partition_name(c.oid, 'convert_cut')
        and k.contype = 'c'
        and (
            k.conrelid = c.oid
            or exists (select from pg_inherits i where i.inhparent = c.oid and i.inhrelid = k.conrelid)
        )
    left join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    cross join lateral (
        select
            exists (
                select from pg_index i
                join pg_class x on x.oid = i.indexrelid and x.relname = public.partition_name(c.oid, 'convert_key')
                where i.indrelid = c.oid
            )
            or exists (
                select from pg_constraint n
                where n.conrelid = c.oid and n.contype = 'c' and n.conname = public.partition_name(c.oid, 'convert_not_null')
            ) as is_so
    ) begun
    where c.oid = find_conversion.relation;
$function$;

comment on function public.find_conversion(regclass) is
    'Returns how far the conversion of a table into a partitioned one has come, as the catalog says: one row.';
