-- Raises DF080 and says why a table cannot be walked through by a key; null stands for the primary key.
create or replace function public.refuse_backfill_key(relation regclass, key text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    kind constant "char" := (select c.relkind from pg_class c where c.oid = relation);
    type constant text := (
        select format_type(a.atttypid, a.atttypmod)
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        where a.attrelid = relation and a.attname = key and a.attnum > 0 and not a.attisdropped
    );
    is_ordered constant boolean := (
        select t.typcategory in ('N', 'D', 'S') or t.typname = 'uuid'
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        where a.attrelid = relation and a.attname = key
    );
begin
    if kind not in ('r', 'p') then
        raise exception '"%" is no table.', relation
            using errcode = 'DF080', hint = 'Name a table or a partitioned table: -- backfill:table NAME';
    elsif key is null then
        raise exception 'Table "%" has no primary key of one column of an ordered type.', relation
            using errcode = 'DF080', hint = 'Name a column with an index that begins with it: -- backfill:key COLUMN';
    elsif type is null then
        raise exception 'Table "%" has no column "%".', relation, key
            using errcode = 'DF080', hint = 'Correct the name, which is written without quotes: -- backfill:key COLUMN';
    elsif not is_ordered then
        raise exception 'Column "%" of table "%" is of type %.', key, relation, type
            using errcode = 'DF080', hint = 'Batches go by numbers, texts, dates, times and uuids.';
    end if;
    raise exception 'No index of table "%" begins with column "%".', relation, key
        using errcode = 'DF080',
            detail = 'Each batch would read the whole table. A partial, invalid or hash index does not help, nor one with '
                'another operator class or collation.',
            hint = format('Build one first: create index concurrently on %s (%I);', relation, key);
end
$function$;

comment on function public.refuse_backfill_key(regclass, text) is
    'Raises DF080 and says why a table cannot be walked through by a key; null stands for the primary key.';
