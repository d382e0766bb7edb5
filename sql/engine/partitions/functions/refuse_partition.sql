-- Raises why a table cannot have the partition of the period in which a day lies, and what cures it.
--
-- DF021: another partition has a part of the period; DF022: a table has its name; DF023: the catch-all partition has
-- rows of the period. The reason is the server's own, for what is none of these.
create or replace function public.refuse_partition(parent regclass, granularity text, day date, reason text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    period record;
    other record;
    catch_all record;
    name text;
begin
    select p.*, format('%s to %s', p.lower_bound::date, p.upper_bound::date) as days into strict period
    from public.partition_period(granularity, day::timestamp) p;
    select o.*, o.lower_bound < period.lower_bound and o.kind = 'tail' as begins_earlier into other
    from public.partitions_of(refuse_partition.parent) o
    where o.kind <> 'default' and o.lower_bound < period.upper_bound and o.upper_bound > period.lower_bound
    order by o.lower_bound
    limit 1;
    if other.kind is distinct from 'tail' and other.partition is not null or other.begins_earlier then
        raise exception 'Table "%" has a partition for a part of %: "%".', parent, period.days, other.partition
            using errcode = 'DF021',
                detail = format('It has the rows from %s to %s, in UTC.', other.lower_bound, other.upper_bound),
                hint = case
                    when other.begins_earlier then
                        format('Create the partitions from %s on in their order: "doramaflix-db partitions create".', other.lower_bound::date)
                    else 'See "doramaflix-db partitions doctor".'
                end;
    end if;
    name := format(
        '%s.%I',
        (select c.relnamespace::regnamespace from pg_class c where c.oid = parent),
        public.partition_name(parent, period.suffix)
    );
    if to_regclass(name) is not null then
        raise exception 'The partition of "%" for % cannot be created: there is a relation of its name, "%".', parent, period.days, name
            using errcode = 'DF022',
                hint = 'If it has the rows of that period, attach it with ALTER TABLE ... ATTACH PARTITION; if not, rename it.';
    end if;
    for catch_all in select c.* from public.catch_all_of(parent) c loop
        raise exception 'The partition of "%" for % cannot be created: "%" has rows of that period.', parent, period.days, catch_all.partition
            using errcode = 'DF023',
                detail = reason,
                hint = 'Move them, without a moment in which they cannot be seen: "doramaflix-db partitions doctor --fix".';
    end loop;
    raise exception 'The partition of "%" for % cannot be created.', parent, period.days
        using errcode = 'DF021', detail = reason;
end
$function$;

comment on function public.refuse_partition(regclass, text, date, text) is
    'Raises why a table cannot have the partition of the period in which a day lies, and what cures it.';
