-- Returns where a table is to be cut: the beginning of the period after the greatest key and after the next day, in UTC.
--
-- From the preparation to the cut-over rows from the cut on are refused, for which there is thus a day at least. Reads
-- the greatest key: through an index that begins with the column, or the whole table. Raises DF041 where a key is no
-- time, or one after the year 9998.
create or replace function public.conversion_cut(
    relation regclass, column_name name, granularity text, encoding text, as_of timestamptz default now()
)
returns timestamp
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set row_security = off
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
declare
    greatest_key text;
    moment timestamp;
begin
    execute format('select %1$I from %2$s where %1$I is not null order by %1$I desc limit 1', column_name, relation)
    into greatest_key;
    moment := public.decode_partition_bound(greatest_key, encoding);
    if moment >= timestamp '9999-01-01' then
        raise exception 'Table "%" has the key %, after which it cannot be cut.', relation, greatest_key
            using errcode = 'DF041',
                hint = format('Correct that row; column "%s" has to hold times before the year 9999.', column_name);
    end if;
    return (
        select p.upper_bound
        from public.partition_period(granularity, greatest(moment, as_of at time zone 'UTC' + interval '1 day')) p
    );
end
$function$;

comment on function public.conversion_cut(regclass, name, text, text, timestamptz) is
    'Returns where a table is to be cut: the beginning of the period after the greatest key and after the next day, in UTC.';
