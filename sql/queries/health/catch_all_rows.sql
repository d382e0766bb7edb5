-- Partitions for what has no other, tail or default, that have rows: one row for each table with a policy.
--
-- Reads these partitions.
with stray as materialized (
    select
        r.parent,
        s.partition,
        s.rows,
        -- Periods beyond those that the policy wants get their partition when their time comes.
        s.upper_bound <= w.lower_bound + (r.ahead + 1) * w.step as is_due
    from public.partition_policies r
    join pg_class c on c.oid = r.parent and c.relkind = 'p'
    cross join lateral public.partition_period(r.granularity, now() at time zone 'UTC') w
    cross join lateral public.count_strays(r.parent, r.granularity) s
)
select
    case when coalesce(bool_or(s.is_due), false) then 'error' else 'note' end as level,
    s.partition::text as object,
    jsonb_build_object(
        'parent', s.parent::text, 'rows', sum(s.rows), 'due', coalesce(sum(s.rows) filter (where s.is_due), 0)
    ) as detail,
    case
        when bool_or(s.is_due) then format(
            'doramaflix-db partitions doctor --fix --parent %s',
            -- As a shell takes it.
            case
                when s.parent::text ~ '^[\w.]+$' then s.parent::text
                else format($$'%s'$$, replace(s.parent::text, $$'$$, $$'\''$$))
            end
        )
    end as cure
from stray s
group by s.parent, s.partition
order by 1, 2;
