-- Returns the period of a granularity in which a moment lies, in UTC, and what the names of its partitions end in.
--
-- In PL/pgSQL, which keeps its plan for the session: before PostgreSQL 18 a function in SQL is planned at each call.
create or replace function public.partition_period(granularity text, moment timestamp)
returns table (lower_bound timestamp, upper_bound timestamp, step interval, suffix text)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
begin
    return query
    select lower_bound, lower_bound + step, step, to_char(lower_bound, pattern)
    from (
        values
            ('daily', 'day', interval '1 day', 'YYYY_MM_DD'),
            ('weekly', 'week', interval '1 week', 'IYYY_"w"IW'),
            ('monthly', 'month', interval '1 month', 'YYYY_MM'),
            ('quarterly', 'quarter', interval '3 months', 'YYYY_"q"Q'),
            ('yearly', 'year', interval '1 year', 'YYYY')
    ) as granularities (name, unit, step, pattern)
    cross join lateral date_trunc(unit, moment) lower_bound
    where name = granularity;
end
$function$;

comment on function public.partition_period(text, timestamp) is
    'Returns the period of a granularity in which a moment lies, in UTC, and what the names of its partitions end in.';
