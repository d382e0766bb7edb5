-- Returns the primary key of a table, and whether a column has to be added to it before the table is partitioned by that.
--
-- Column lists are quoted, and the other parts are written as the statement takes them that creates the index.
create or replace function public.conversion_key(relation regclass, column_name name)
returns table (
    key_index regclass, name name, columns text, included text, options text, timing text, lacks_column boolean
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select
        i.indexrelid::regclass,
        k.conname,
        columns.keys,
        columns.included,
        ' with (' || array_to_string(c.reloptions, ', ') || ')',
        case when k.condeferred then ' deferrable initially deferred' when k.condeferrable then ' deferrable' end,
        not exists (
            select from pg_attribute a
            where a.attrelid = i.indrelid
                and a.attname = conversion_key.column_name
                and a.attnum = any (i.indkey[:i.indnkeyatts - 1])
        )
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype = 'p'
    -- The table's names: those of an index stay as they were when a column is renamed.
    cross join lateral (
        select
            string_agg(quote_ident(a.attname), ', ' order by n.place) filter (where n.place <= i.indnkeyatts) as keys,
            ' include (' || string_agg(quote_ident(a.attname), ', ' order by n.place)
                filter (where n.place > i.indnkeyatts) || ')' as included
        from unnest(i.indkey) with ordinality n (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = n.attnum
    ) columns
    where i.indrelid = conversion_key.relation and i.indisprimary;
$function$;

comment on function public.conversion_key(regclass, name) is
    'Returns the primary key of a table, and whether a column has to be added to it before the table is partitioned by that.';
