-- Returns the statements that create the partition of the period in which a day lies, in the order in which they run.
--
-- create_partition() runs just these. A tail that begins with the period is moved on behind it. Nothing moves a bound: it
-- is detached and attached again, or dropped and created anew.
create or replace function public.partition_statements(parent regclass, granularity text, day date)
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    encoding constant text := (select k.encoding from public.partition_key(parent) k);
    wanted constant text := (select p.catch_all from public.partition_policies p where p.parent = partition_statements.parent);
    schema constant text := (select c.relnamespace::regnamespace from pg_class c where c.oid = parent);
    period record;
    tail regclass;
    tail_begin timestamp;
    is_moved boolean;
    is_replaced boolean := false;
begin
    select * into strict period from public.partition_period(granularity, day::timestamp);
    if wanted = 'tail' then
        select c.partition, c.lower_bound into tail, tail_begin from public.catch_all_of(parent) c where c.kind = 'tail';
    end if;
    is_moved := tail_begin is not distinct from period.lower_bound;
    if is_moved then
        is_replaced := public.can_be_replaced(tail);
        return next case
            when is_replaced then format('select public.drop_empty_partition(%L)', tail)
            else format('alter table %s detach partition %s', parent, tail)
        end;
    end if;
    return query select public.new_partition_statements(
        parent,
        format('%s.%I', schema, public.partition_name(parent, period.suffix)),
        public.partition_bounds(period.lower_bound, period.upper_bound, encoding)
    );
    if is_replaced then
        return query select public.new_partition_statements(
            parent, tail::text, public.partition_bounds(period.upper_bound, 'infinity', encoding)
        );
    elsif is_moved then
        return next format(
            'alter table %s attach partition %s %s',
            parent, tail, public.partition_bounds(period.upper_bound, 'infinity', encoding)
        );
    end if;
end
$function$;

comment on function public.partition_statements(regclass, text, date) is
    'Returns the statements that create the partition of the period in which a day lies, in the order in which they run.';
