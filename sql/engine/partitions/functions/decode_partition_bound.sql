-- Returns the moment, in UTC, that a bound stands for, as pg_get_expr() writes it in the time zone UTC.
--
-- MINVALUE and MAXVALUE become -infinity and infinity, and so does a number that is no time PostgreSQL knows.
create or replace function public.decode_partition_bound(bound text, encoding text)
returns timestamp
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
declare
    value constant text := btrim(bound, '''');
    seconds numeric;
begin
    if bound = 'MINVALUE' then
        return '-infinity';
    elsif bound = 'MAXVALUE' then
        return 'infinity';
    end if;
    case encoding
        when 'date', 'timestamp' then
            return value::timestamp;
        when 'timestamptz' then
            return value::timestamptz at time zone 'UTC';
        when 'uuidv7' then
            seconds := ('x0000' || left(replace(value, '-', ''), 12))::bit(64)::bigint / 1000.0;
        when 'epoch_seconds' then
            seconds := value::numeric;
        when 'epoch_milliseconds' then
            seconds := value::numeric / 1000;
        when 'epoch_microseconds' then
            seconds := value::numeric / 1000000;
        when 'epoch_nanoseconds' then
            seconds := value::numeric / 1000000000;
    end case;
    return case
        -- From 4713 BC to the year 294276.
        when seconds < -210866803200 then '-infinity'
        when seconds >= 9224318016000 then 'infinity'
        else to_timestamp(seconds::float8) at time zone 'UTC'
    end;
end
$function$;

comment on function public.decode_partition_bound(text, text) is
    'Returns the moment, in UTC, that a bound stands for, as pg_get_expr() writes it in the time zone UTC.';
