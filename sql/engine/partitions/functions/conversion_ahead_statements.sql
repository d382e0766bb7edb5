-- Returns the statements that create the partitions which a converted table is to have ahead of time and has not, each a
-- transaction of its own: after the cut-over, so that nobody waits for them.
--
-- The cut-over itself creates those from the cut to the present one, or the first one where the cut is still to come.
create or replace function public.conversion_ahead_statements(
    relation regclass, granularity text, cut timestamp, ahead integer, as_of timestamptz default now()
)
returns table (statement text, referenced text[])
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    is_partitioned constant boolean := (select c.relkind = 'p' from pg_class c where c.oid = relation);
    period record;
begin
    for period in
        select p.*
        from public.partition_period(granularity, as_of at time zone 'UTC') present
        cross join lateral generate_series(
            greatest(cut, present.lower_bound),
            present.lower_bound + conversion_ahead_statements.ahead * present.step,
            present.step
        ) at
        cross join lateral public.partition_period(granularity, at) p
        where is_partitioned or at > greatest(cut, present.lower_bound)
    loop
        if is_partitioned then
            continue when public.partition_with_bounds(relation, period.lower_bound, period.upper_bound) is not null;
        end if;
        return query select
            format('select public.create_partition(%L, %L, %L)', relation, granularity, period.lower_bound::date),
            array(
                select distinct k.confrelid::regclass::text
                from pg_constraint k
                where k.conrelid = relation and k.contype = 'f' and k.conparentid = 0
            );
    end loop;
end
$function$;

comment on function public.conversion_ahead_statements(regclass, text, timestamp, integer, timestamptz) is
    'Returns the statements that create the partitions which a converted table is to have ahead of time and has not, each a transaction of its own: after the cut-over, so that nobody waits for them.';
