-- Returns the partition of a table that has the given bounds, in UTC, or null; raises DF024 where it is half detached.
create or replace function public.partition_with_bounds(parent regclass, lower_bound timestamp, upper_bound timestamp)
returns regclass
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    found record;
begin
    select * into found
    from public.partitions_of(partition_with_bounds.parent) o
    where o.lower_bound = partition_with_bounds.lower_bound and o.upper_bound = partition_with_bounds.upper_bound;
    if found.detach_pending then
        raise exception 'Partition "%" of "%" is half detached.', found.partition, parent
            using errcode = 'DF024',
                detail = 'Its rows cannot be seen, and its period can have no other partition.',
                hint = 'Complete it: "doramaflix-db partitions retire", or ALTER TABLE ... DETACH PARTITION ... FINALIZE.';
    end if;
    return found.partition;
end
$function$;

comment on function public.partition_with_bounds(regclass, timestamp, timestamp) is
    'Returns the partition of a table that has the given bounds, in UTC, or null; raises DF024 where it is half detached.';
