-- Counts the rows of the catch-all partitions of a table by the period in which they belong, in UTC.
--
-- A row whose key is null, infinite or no time has no period: lower_bound is null. Reads the whole partition, whose
-- size is the time it takes; nobody waits for it.
create or replace function public.count_strays(parent regclass, granularity text)
returns table (partition regclass, lower_bound timestamp, upper_bound timestamp, rows bigint)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
#variable_conflict use_column
declare
    key record;
    catch_all record;
begin
    select * into strict key from public.partition_key(count_strays.parent);
    for catch_all in select c.* from public.catch_all_of(count_strays.parent) c loop
        return query execute format(
            $query$
            select $1, p.lower_bound, p.upper_bound, sum(s.rows)::bigint
            from (select %1$I as key, count(*) as rows from %2$s group by 1) s
            cross join lateral (select public.decode_partition_bound(s.key::text, $2) as moment) m
            left join lateral public.partition_period($3, m.moment) p on isfinite(m.moment)
            group by 2, 3
            order by 2
            $query$,
            key.column_name, catch_all.partition
        )
        using catch_all.partition, key.encoding, count_strays.granularity;
    end loop;
end
$function$;

comment on function public.count_strays(regclass, text) is
    'Counts the rows of the catch-all partitions of a table by the period in which they belong, in UTC.';
