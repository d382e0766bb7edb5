-- Returns the unique index that lets a materialized view be refreshed concurrently, or null.
--
-- It must be valid and cover columns only and all rows, as REFRESH MATERIALIZED VIEW demands.
create or replace function public.concurrent_refresh_index(view regclass)
returns regclass
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select i.indexrelid::regclass
    from pg_index i
    where i.indrelid = concurrent_refresh_index.view
        and i.indisunique and i.indisvalid and i.indimmediate
        and i.indpred is null and i.indexprs is null
    order by i.indexrelid
    limit 1;
$function$;

comment on function public.concurrent_refresh_index(regclass) is
    'Returns the unique index that lets a materialized view be refreshed concurrently, or null.';
