-- The unique indexes of a materialized view, and a query for each that finds the rows which it does not allow.
--
-- $1 is an array with its name. The query asks what the view would hold, because the view itself has no such rows.
select
    i.indexrelid::regclass::text as index,
    key.list as columns,
    format(
        'SELECT %s, count(*) FROM (%s) AS fresh GROUP BY %s HAVING count(*) > 1;',
        key.list, rtrim(pg_get_viewdef(v.view), ';'), key.list
    ) as query
from (select name::regclass as view from jsonb_array_elements_text($1::jsonb) name) v
join pg_index i on i.indrelid = v.view and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
cross join lateral (
    select string_agg(quote_ident(a.attname), ', ' order by k.place) as list
    from unnest((i.indkey::smallint[])[0:i.indnkeyatts - 1]) with ordinality k (attnum, place)
    join pg_attribute a on a.attrelid = v.view and a.attnum = k.attnum
) key
order by i.indexrelid;
