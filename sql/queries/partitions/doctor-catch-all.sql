-- Findings on the partition that takes a table's rows without one, which this reads: one row each.
--
-- $1 has the table's object identifier as "parent". Rows of periods later than the last that is wanted stay where they
-- are until their time comes.
with policy as (
    select p.*, w.lower_bound + (p.ahead + 1) * w.step as horizon
    from public.partition_policies p
    join pg_class c on c.oid = p.parent
    cross join lateral public.partition_period(p.granularity, now() at time zone 'UTC') w
    where p.parent::oid = ($1::jsonb ->> 'parent')::oid
), stray as materialized (
    select p.parent, p.granularity, s.*,
        s.upper_bound <= p.horizon and s.lower_bound >= timestamp '0001-01-01' as is_due
    from policy p
    cross join lateral public.count_strays(p.parent, p.granularity) s
)
select
    'catch_all_rows' as finding,
    case when coalesce(bool_or(s.is_due), false) then 'error' else 'note' end as level,
    s.parent::text as parent,
    s.partition::text as relation,
    jsonb_build_object(
        'kind', c.kind,
        'foreign_keys', (select count(*) from pg_constraint k where k.conrelid = s.parent and k.contype = 'f'),
        'granularity', s.granularity,
        'rows', sum(s.rows),
        'due', coalesce(sum(s.rows) filter (where s.is_due), 0),
        'timeless', coalesce(sum(s.rows) filter (where s.lower_bound is null), 0),
        'size', pg_table_size(s.partition),
        'periods', coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'from', s.lower_bound, 'to', s.upper_bound, 'rows', s.rows, 'due', s.is_due,
                    'statement', m.statement
                )
                order by s.lower_bound
            ) filter (where s.lower_bound is not null),
            '[]'
        ),
        'statements', coalesce(
            jsonb_agg(m.statement order by s.lower_bound) filter (where s.is_due),
            '[]'
        )
    ) as detail
from stray s
cross join lateral public.catch_all_of(s.parent) c
cross join format(
    'select * from public.move_strays(%L, %L, %L)', s.parent, s.granularity, s.lower_bound::date
) m (statement)
where c.partition = s.partition
group by s.parent, s.granularity, s.partition, c.kind
union all
select
    'default_partition',
    -- It is in the way of whoever retires partitions.
    case when p.retain is null then 'note' else 'warning' end,
    p.parent::text,
    c.partition::text,
    jsonb_build_object(
        'statements', jsonb_build_array(
            format('update public.partition_policies set catch_all = ''tail'' where parent = %L::regclass', p.parent),
            format('alter table %s detach partition %s', p.parent, c.partition)
        ) || case
            when exists (select from stray) then '[]'::jsonb
            -- Rows may come before it is run.
            else jsonb_build_array(format('select public.drop_empty_partition(%L)', c.partition))
        end
    )
from policy p
cross join lateral public.catch_all_of(p.parent) c
where c.kind = 'default'
order by 1;
