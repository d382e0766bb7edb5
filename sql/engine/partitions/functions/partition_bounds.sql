-- Writes the bounds of a partition, given in UTC, as the parser takes them: FOR VALUES FROM ... TO ....
--
-- In PL/pgSQL, which keeps its plan for the session: before PostgreSQL 18 a function in SQL is planned at each call.
create or replace function public.partition_bounds(lower_bound timestamp, upper_bound timestamp, encoding text)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return format(
        'for values from (%s) to (%s)',
        case when isfinite(lower_bound) then quote_literal(public.encode_partition_bound(lower_bound, encoding)) else 'minvalue' end,
        case when isfinite(upper_bound) then quote_literal(public.encode_partition_bound(upper_bound, encoding)) else 'maxvalue' end
    );
end
$function$;

comment on function public.partition_bounds(timestamp, timestamp, text) is
    'Writes the bounds of a partition, given in UTC, as the parser takes them: FOR VALUES FROM ... TO ....';
