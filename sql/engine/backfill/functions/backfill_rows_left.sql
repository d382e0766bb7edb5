-- Returns how many rows the planner expects after a key, if there is one, and not after another.
--
-- Reads no row. It is volatile only because EXPLAIN is not allowed in a function that is not.
create or replace function public.backfill_rows_left(relation regclass, key text, after text, until text)
returns float8
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set row_security = off
as $function$
declare
    plan json;
begin
    if until is null then
        return 0;
    end if;
    execute format(
        'explain (format json) select from %s where %s', relation, public.backfill_range(relation, key, after, until)
    ) into plan;
    return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
end
$function$;

revoke execute on function public.backfill_rows_left(regclass, text, text, text) from public;

comment on function public.backfill_rows_left(regclass, text, text, text) is
    'Returns how many rows the planner expects after a key, if there is one, and not after another.';
