-- The statements that create the partitions of a table for the given days, in the order in which they run, and after
-- them its catch-all partition, which has no day.
--
-- $1 has the table's object identifier ("parent"), the "days", and "until" when the partitions of these days reach.
with asked as materialized (
    select
        p.parent,
        p.granularity,
        p.catch_all,
        given -> 'days' as days,
        (given ->> 'until')::timestamp as until
    from (select $1::jsonb as given) g
    join public.partition_policies p on p.parent = (given ->> 'parent')::oid
)
select d.day, public.partition_name(asked.parent, y.suffix)::text as partition, s.statement
from asked
cross join lateral jsonb_array_elements_text(asked.days) d (day)
cross join lateral public.partition_period(asked.granularity, left(d.day, 10)::timestamp) y
cross join lateral public.partition_statements(asked.parent, asked.granularity, left(d.day, 10)::date) s (statement)
union all
select null, public.partition_name(asked.parent, asked.catch_all)::text, s.statement
from asked
cross join lateral public.catch_all_statements(asked.parent, asked.until) s (statement);
