-- Compares the partitions that a table has with those that are wanted, and says of each what it is and why.
--
-- A row for each partition, for each period that lacks one, and for each hole of any length:
--   existing     has just the bounds of a period
--   misaligned   has other bounds, or begins at MINVALUE
--   expired      one of these, and older than it is kept; never the newest one
--   detaching    half detached: its rows cannot be seen
--   catch-all    the tail or the default partition
--   missing      a period after the newest partition or after the present one, up to the last that is wanted
--   overlapping  one for a part of which there is a partition, so that none can be created
--   hole         what no partition has between two partitions and before the present period
-- Periods older than `retain` are not wanted. All times are in UTC.
create or replace function public.plan_partitions(
    parent regclass,
    granularity text,
    ahead integer,
    retain interval default null,
    as_of timestamptz default now()
)
returns table (state text, partition regclass, name text, lower_bound timestamp, upper_bound timestamp, reason text)
language sql
stable
-- It would be compiled for longer than it runs.
set jit = off
set search_path = pg_catalog, pg_temp
as $function$
    with present as (
        select p.lower_bound, p.step, coalesce(as_of at time zone 'UTC' - retain, '-infinity') as oldest
        from public.partition_period(granularity, as_of at time zone 'UTC') p
    ), existing as materialized (
        select
            o.*,
            o.kind = 'range' and (o.lower_bound, o.upper_bound) = (
                select p.lower_bound, p.upper_bound from public.partition_period(granularity, o.lower_bound) p
            ) as is_aligned,
            o.upper_bound = max(o.upper_bound) filter (where o.kind in ('range', 'head')) over () as is_newest
        from public.partitions_of(parent) o
    ), wanted as materialized (
        select p.*
        from present
        left join existing newest on newest.is_newest
        cross join lateral public.partition_period(
            granularity,
            greatest(least(newest.upper_bound, present.lower_bound), present.oldest)
        ) first
        cross join lateral generate_series(
            first.lower_bound, present.lower_bound + plan_partitions.ahead * present.step, present.step
        ) at
        cross join lateral public.partition_period(granularity, at) p
    ), gap as (
        select
            lag(e.upper_bound) over by_bound as lower_bound,
            e.lower_bound as upper_bound,
            lag(e.partition) over by_bound as before,
            e.partition as after
        from existing e
        where e.kind in ('range', 'head')
        window by_bound as (order by e.lower_bound)
    )
    select
        case
            when e.kind in ('tail', 'default') then 'catch-all'
            when e.detach_pending then 'detaching'
            when e.upper_bound <= present.oldest and not e.is_newest then 'expired'
            when e.is_aligned then 'existing'
            else 'misaligned'
        end,
        e.partition,
        c.relname::text,
        e.lower_bound,
        e.upper_bound,
        case
            when e.kind in ('tail', 'default') then 'takes the rows for which there is no other partition'
            when e.detach_pending then 'half detached: its rows cannot be seen'
            when e.upper_bound <= present.oldest and not e.is_newest then format('ended more than %s ago', retain)
            when not e.is_aligned then format('its bounds are not those of one %s period', granularity)
        end
    from existing e
    cross join present
    left join pg_class c on c.oid = e.partition
    union all
    select
        case when o.partition is null then 'missing' else 'overlapping' end,
        null,
        public.partition_name(parent, w.suffix)::text,
        w.lower_bound,
        w.upper_bound,
        case
            when o.partition is not null then format('"%s" has a part of it', o.partition)
            when w.upper_bound <= as_of at time zone 'UTC' then 'is over, and later than the newest partition'
            when w.lower_bound <= as_of at time zone 'UTC' then 'is the present one'
            else 'is to be there ahead of time'
        end
    from wanted w
    left join lateral (
        -- An aligned partition has a whole period or nothing of it.
        select e.partition, e.lower_bound <= w.lower_bound and e.upper_bound >= w.upper_bound as is_whole
        from existing e
        where not e.is_aligned and e.kind in ('range', 'head')
            and e.lower_bound < w.upper_bound and e.upper_bound > w.lower_bound
        order by e.lower_bound
        limit 1
    ) o on true
    where o.is_whole is not true
        and not exists (
            select from existing e
            where e.is_aligned and (e.lower_bound, e.upper_bound) = (w.lower_bound, w.upper_bound)
        )
    union all
    select
        'hole',
        null,
        null,
        greatest(g.lower_bound, h.oldest),
        h.last,
        format('no partition between "%s" and "%s"', g.before, g.after)
    from gap g
    cross join lateral (
        select least(g.upper_bound, present.lower_bound) as last, present.oldest from present
    ) h
    where g.before is not null and greatest(g.lower_bound, h.oldest) < h.last
    order by 4, 5, 1;
$function$;

comment on function public.plan_partitions(regclass, text, integer, interval, timestamptz) is
    'Compares the partitions that a table has with those that are wanted, and says of each what it is and why.';
