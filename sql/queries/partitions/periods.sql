-- The periods that lie whole between two moments, by the granularity of a table's policy.
--
-- $1 has the table's object identifier ("parent"), "from" and "to".
select to_char(p.lower_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as lower_bound,
    to_char(p.upper_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as upper_bound
from (
    select
        (given ->> 'parent')::oid as parent,
        (given ->> 'from')::timestamp as begin_at,
        (given ->> 'to')::timestamp as end_at
    from (select $1::jsonb as given) g
) asked
join public.partition_policies y on y.parent = asked.parent
cross join lateral public.partition_period(y.granularity, asked.begin_at) first
cross join lateral generate_series(first.lower_bound, asked.end_at, first.step) at
cross join lateral public.partition_period(y.granularity, at) p
where p.lower_bound >= asked.begin_at and p.upper_bound <= asked.end_at
order by p.lower_bound;
