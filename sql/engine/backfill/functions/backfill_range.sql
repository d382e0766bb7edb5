-- Returns as SQL the condition that a key lies after one, if there is one, and not after another.
create or replace function public.backfill_range(relation regclass, key text, after text, until text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select concat_ws(
        ' and ',
        case when after is not null then format('%I > %L::%s', a.attname, after, format_type(a.atttypid, a.atttypmod)) end,
        format('%I <= %L::%s', a.attname, until, format_type(a.atttypid, a.atttypmod))
    )
    from pg_attribute a
    where a.attrelid = relation and a.attname = key;
$function$;

comment on function public.backfill_range(regclass, text, text, text) is
    'Returns as SQL the condition that a key lies after one, if there is one, and not after another.';
