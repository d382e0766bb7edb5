-- Returns how a table can be walked through by a key, null for its primary key, and where that ends at the moment.
--
-- Raises DF080 for a key without an index in its order, without a value in some rows, or of a type whose text is not
-- its value. Reads one row from the end of the index, and with a column that may be null one more.
create or replace function public.backfill_target(relation regclass, key text default null)
returns table (key_column text, key_type text, index regclass, last_key text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set row_security = off
as $function$
declare
    found record;
    has_null boolean := false;
begin
    select a.attname, a.attnotnull, format_type(a.atttypid, a.atttypmod) as type,
        t.typcategory in ('N', 'D', 'S') or t.typname = 'uuid' as is_ordered, i.indexrelid
    into found
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join lateral (
        select x.indexrelid, x.indisprimary
        from pg_index x
        join pg_opclass o on o.oid = x.indclass[0] and o.opcdefault
        join pg_am m on m.oid = o.opcmethod and m.amname = 'btree'
        where x.indrelid = c.oid
            and x.indkey[0] = a.attnum
            and x.indcollation[0] = a.attcollation
            and x.indisvalid
            and x.indpred is null
            -- For the primary key, one that has no other column.
            and (backfill_target.key is not null or x.indisprimary and x.indnkeyatts = 1)
        order by x.indisunique desc, x.indnkeyatts
        limit 1
    ) i on true
    where c.oid = relation
        and c.relkind in ('r', 'p')
        and case when backfill_target.key is null then i.indisprimary else a.attname = backfill_target.key end;
    if found.type is null or not found.is_ordered or found.indexrelid is null then
        perform public.refuse_backfill_key(relation, backfill_target.key);
    end if;
    key_column := found.attname;
    key_type := found.type;
    index := found.indexrelid;
    if not found.attnotnull then
        execute format('select exists (select from %s where %I is null)', relation, key_column) into has_null;
    end if;
    if has_null then
        raise exception 'Column "%" of table "%" is null in some rows, which no batch would reach.', key_column, relation
            using errcode = 'DF080', hint = 'Name a column without nulls: -- backfill:key COLUMN';
    end if;
    execute format(
        'select to_jsonb(%1$I) #>> ''{}'' from %2$s where %1$I is not null order by %1$I desc limit 1', key_column, relation
    ) into last_key;
    return next;
end
$function$;

revoke execute on function public.backfill_target(regclass, text) from public;

comment on function public.backfill_target(regclass, text) is
    'Returns how a table can be walked through by a key, null for its primary key, and where that ends at the moment.';
