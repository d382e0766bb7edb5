-- Moves the rows of a period, in which a day lies in UTC, out of the catch-all partition into a partition of their own.
--
-- Locks the parent against writers from the beginning, because a row that somebody else updates meanwhile would lose
-- that update; against readers, who see each row all the time, only for as long as ATTACH scans the catch-all. A tail is
-- moved on behind the period, so that periods go in order. Only a transaction of REPEATABLE READ that began before and
-- has not read the table yet may miss the rows, as after any ATTACH. Raises DF020 to DF023, DF025 and DF035 to
-- DF037; where row security would hide rows, 42501.
create or replace function public.move_strays(parent regclass, granularity text, day date)
returns table (partition regclass, "from" timestamp, "to" timestamp, rows bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set row_security = off
as $function$
#variable_conflict use_column
declare
    role constant text := current_setting('session_replication_role');
    may_set constant boolean := has_parameter_privilege('session_replication_role', 'set');
    lock_timeout constant text := current_setting('lock_timeout');
    catch_all record;
    statement text;
    reason text;
begin
    perform public.partition_key(move_strays.parent);
    select p.lower_bound, p.upper_bound into "from", "to"
    from public.partition_period(move_strays.granularity, day::timestamp) p;
    if "from" is null or day not between date '0001-01-01' and date '9999-12-31' then
        raise exception 'There is no % period with the day %.', move_strays.granularity, coalesce(day::text, 'null')
            using errcode = 'DF025',
                hint = 'Give daily, weekly, monthly, quarterly or yearly, and a day of the years 0001 to 9999.';
    end if;
    perform public.lock_partitions(move_strays.parent);
    select c.* into catch_all from public.catch_all_of(move_strays.parent) c;
    if catch_all.partition is null then
        raise exception 'Table "%" has no catch-all partition.', move_strays.parent
            using errcode = 'DF036', hint = 'There is nothing to move: its rows are in partitions of their own.';
    elsif catch_all.lower_bound <> "from" then
        perform public.refuse_partition(
            move_strays.parent, move_strays.granularity, day, 'The tail does not begin with it.'
        );
    end if;
    perform public.refuse_move(catch_all.partition);
    begin
        for statement in select s from public.move_statements(move_strays.parent, move_strays.granularity, day) s loop
            if statement like 'with moved as %' then
                perform set_config('session_replication_role', 'replica', true) where may_set;
                execute statement;
                get diagnostics rows = row_count;
                perform set_config('session_replication_role', role, true) where may_set;
            else
                execute statement;
            end if;
        end loop;
    exception when duplicate_table or invalid_object_definition or check_violation then
        get stacked diagnostics reason = message_text;
        perform public.refuse_partition(move_strays.parent, move_strays.granularity, day, reason);
    end;
    partition := public.partition_with_bounds(move_strays.parent, "from", "to");
    perform set_config('lock_timeout', lock_timeout, true);
    return next;
end
$function$;

revoke execute on function public.move_strays(regclass, text, date) from public;

comment on function public.move_strays(regclass, text, date) is
    'Moves the rows of a period, in which a day lies in UTC, out of the catch-all partition into a partition of their own.';
