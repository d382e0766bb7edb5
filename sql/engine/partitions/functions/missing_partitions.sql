-- Returns the periods for which a table lacks a partition by its policy, and a row without bounds for a catch-all partition.
--
-- A table that cannot have partitions has one row without bounds, so that the attempt says why.
create or replace function public.missing_partitions(parent regclass)
returns table (lower_bound timestamp, upper_bound timestamp)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select d.lower_bound, d.upper_bound
    from public.partition_policies p
    cross join lateral public.plan_partitions(p.parent, p.granularity, p.ahead, p.retain) d
    where p.parent = missing_partitions.parent and d.state = 'missing'
    union all
    select null, null
    from public.partition_policies p
    where p.parent = missing_partitions.parent
        and p.catch_all <> 'none'
        and not exists (select from public.catch_all_of(p.parent) c where c.kind = p.catch_all);
exception when sqlstate 'DF020' then
    return query select null::timestamp, null::timestamp;
end
$function$;

comment on function public.missing_partitions(regclass) is
    'Returns the periods for which a table lacks a partition by its policy, and a row without bounds for a catch-all partition.';
