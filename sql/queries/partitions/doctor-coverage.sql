-- Findings on the periods that a table's partitions cover, and on those that they do not: one row each.
--
-- $1 has the table's object identifier as "parent".
with policy as (
    select
        p.*,
        now() at time zone 'UTC' as present,
        (select k.encoding from public.partition_key(p.parent) k) as encoding,
        (select c.relnamespace::regnamespace::text from pg_class c where c.oid = p.parent) as schema
    from public.partition_policies p
    join pg_class c on c.oid = p.parent
    where p.parent::oid = ($1::jsonb ->> 'parent')::oid
), planned as materialized (
    select p.parent as table, p.granularity, p.present, p.encoding, p.schema, s.*
    from policy p
    cross join lateral public.plan_partitions(p.parent, p.granularity, p.ahead, p.retain) s
), covered as materialized (
    select range_agg(tsrange(lower_bound, upper_bound)) as all_of_it, max(upper_bound) as until
    from planned
    where state in ('existing', 'misaligned', 'expired', 'detaching')
), lacking as (
    -- A hole, or what no partition has of a period for a part of which there is one.
    select
        p.*,
        p.state as finding,
        lower(piece) as piece_from,
        upper(piece) as piece_to
    from planned p
    cross join covered c
    cross join lateral unnest(tsmultirange(tsrange(p.lower_bound, p.upper_bound)) - c.all_of_it) piece
    where p.state in ('hole', 'overlapping')
), part as (
    -- Whole periods, which create_partition() creates, and at the ends what is less than one.
    select
        l.*,
        greatest(l.piece_from, w.lower_bound) as part_from,
        least(l.piece_to, w.upper_bound) as part_to,
        w.lower_bound >= l.piece_from and w.upper_bound <= l.piece_to as is_whole
    from lacking l
    cross join lateral public.partition_period(l.granularity, l.piece_from) first
    cross join lateral generate_series(first.lower_bound, l.piece_to - interval '1 microsecond', first.step) at
    cross join lateral public.partition_period(l.granularity, at) w
), lacking_with_statements as (
    select
        finding, "table", granularity, lower_bound, upper_bound, reason,
        jsonb_agg(
            jsonb_build_object('from', part_from, 'to', part_to, 'statement', s.statement) order by part_from
        )
            filter (where is_whole) as periods,
        jsonb_agg(s.statement order by part_from, s.place) as statements
    from part
    cross join lateral (
        select format('select * from public.create_partition(%L, %L, %L)', "table", granularity, part_from::date), 1::bigint
        where is_whole
        union all
        select n.*
        from public.new_partition_statements(
            "table",
            format('%s.%I', schema, public.partition_name("table", to_char(part_from, '"from"_YYYY_MM_DD_HH24MI'))),
            public.partition_bounds(part_from, part_to, encoding)
        ) with ordinality n
        where not is_whole
    ) s (statement, place)
    group by 1, 2, 3, 4, 5, 6
)
select
    'pending_detach' as finding,
    'error' as level,
    p.table::text as parent,
    p.partition::text as relation,
    jsonb_build_object(
        'from', p.lower_bound,
        'to', p.upper_bound,
        'statements', jsonb_build_array(format('alter table %s detach partition %s finalize', p.table, p.partition))
    ) as detail
from planned p
where p.state = 'detaching'
union all
select
    'missing',
    case when bool_or(p.lower_bound <= p.present) then 'error' else 'warning' end,
    p.table::text,
    p.table::text,
    jsonb_build_object(
        'until', c.until,
        'granularity', p.granularity,
        'periods', jsonb_agg(
            jsonb_build_object('from', p.lower_bound, 'to', p.upper_bound, 'statement', s.statement) order by p.lower_bound
        ),
        'statements', jsonb_agg(s.statement order by p.lower_bound)
    )
from planned p
cross join covered c
cross join format(
    'select * from public.create_partition(%L, %L, %L)', p.table, p.granularity, p.lower_bound::date
) s (statement)
where p.state = 'missing'
group by p.table, p.granularity, c.until
union all
select
    l.finding,
    case
        when l.finding = 'overlapping' then 'error'
        -- Such as the one after the partition of a single old row that was moved out of it.
        when exists (select from public.catch_all_of(l.table) c where c.kind = 'default') then 'note'
        else 'warning'
    end,
    l.table::text,
    l.table::text,
    jsonb_build_object(
        'from', l.lower_bound,
        'to', l.upper_bound,
        'reason', l.reason,
        'granularity', l.granularity,
        'periods', coalesce(l.periods, '[]'),
        'statements', l.statements
    )
from lacking_with_statements l
union all
select
    'misaligned',
    'note',
    p.table::text,
    p.partition::text,
    jsonb_build_object(
        'from', p.lower_bound,
        'to', p.upper_bound,
        'granularity', p.granularity,
        'statements', coalesce(split.statements, '[]')
    )
from planned p
left join lateral (
    -- Several whole periods, into which it can be divided.
    select
        jsonb_build_array('begin', format('alter table %s detach partition %s', p.table, p.partition))
            || jsonb_agg(
                format('select * from public.create_partition(%L, %L, %L)', p.table, p.granularity, at::date) order by at
            )
            || jsonb_build_array(
                format(
                    'insert into %1$s (%2$s) overriding system value select %2$s from %3$s',
                    p.table, columns.list, p.partition
                ),
                format('drop table %s', p.partition),
                'commit'
            ) as statements
    from public.partition_period(p.granularity, p.lower_bound) first
    cross join lateral generate_series(p.lower_bound, p.upper_bound - first.step, first.step) at
    -- By their names: a partition may have them in another order. Generated ones are computed again.
    cross join (
        select string_agg(quote_ident(a.attname), ', ' order by a.attnum) as list
        from pg_attribute a
        where a.attrelid = p.partition and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    ) columns
    where first.lower_bound = p.lower_bound
        and exists (
            select from public.partition_period(p.granularity, p.upper_bound) after where after.lower_bound = p.upper_bound
        )
    group by columns.list
) split on isfinite(p.lower_bound) and isfinite(p.upper_bound)
where p.state = 'misaligned'
order by 1, 3, 4;
