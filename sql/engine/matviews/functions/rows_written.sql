-- Returns how many rows this session has written to a relation, as far as the statistics do not hold them yet.
--
-- The larger number of those inserted and deleted, because REFRESH CONCURRENTLY changes a row by doing both.
create or replace function public.rows_written(relation regclass)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    select greatest(pg_stat_get_xact_tuples_inserted(relation), pg_stat_get_xact_tuples_deleted(relation));
$function$;

revoke execute on function public.rows_written(regclass) from public;

comment on function public.rows_written(regclass) is
    'Returns how many rows this session has written to a relation, as far as the statistics do not hold them yet.';
