-- Creates the partition of the period in which a day lies, in UTC, unless the table has one with these bounds.
--
-- Locks the parent with SHARE UPDATE EXCLUSIVE, so that its readers and writers go on, and the tables that its foreign
-- keys refer to, or that refer to it, with SHARE ROW EXCLUSIVE until the transaction ends: one partition a transaction.
-- Waits for a lock as long as lock_timeout says, and three seconds where that is 0, to the end of the transaction. Raises
-- DF020 to DF025.
create or replace function public.create_partition(parent regclass, granularity text, day date)
returns table (partition regclass, "from" timestamp, "to" timestamp, created boolean)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    period record;
    name text;
    statement text;
    reason text;
begin
    perform public.partition_key(create_partition.parent);
    if day is null or day not between date '0001-01-01' and date '9999-12-31' then
        raise exception 'There is no partition for the day %.', coalesce(day::text, 'null')
            using errcode = 'DF025', hint = 'Give a day of the years 0001 to 9999.';
    end if;
    select * into period from public.partition_period(create_partition.granularity, day::timestamp);
    if period.suffix is null then
        raise exception 'There is no granularity "%".', coalesce(create_partition.granularity, 'null')
            using errcode = 'DF025', hint = 'It is one of daily, weekly, monthly, quarterly and yearly.';
    end if;
    -- Of two sessions that create the same partition, the second one waits, and then finds it.
    perform public.lock_partitions(create_partition.parent);
    name := format(
        '%s.%I',
        (select c.relnamespace::regnamespace from pg_class c where c.oid = create_partition.parent),
        public.partition_name(create_partition.parent, period.suffix)
    );
    begin
        if to_regclass(name) is not null then
            raise duplicate_table;
        end if;
        for statement in
            select s from public.partition_statements(create_partition.parent, create_partition.granularity, day) s
        loop
            execute statement;
        end loop;
        partition := name::regclass;
        created := true;
    -- invalid_object_definition: it would overlap another one; check_violation: the catch-all partition has rows of it.
    exception when duplicate_table or invalid_object_definition or check_violation then
        get stacked diagnostics reason = message_text;
        partition := public.partition_with_bounds(create_partition.parent, period.lower_bound, period.upper_bound);
        if partition is null then
            perform public.refuse_partition(create_partition.parent, create_partition.granularity, day, reason);
        end if;
        created := false;
    end;
    "from" := period.lower_bound;
    "to" := period.upper_bound;
    return next;
end
$function$;

revoke execute on function public.create_partition(regclass, text, date) from public;

comment on function public.create_partition(regclass, text, date) is
    'Creates the partition of the period in which a day lies, in UTC, unless the table has one with these bounds.';
