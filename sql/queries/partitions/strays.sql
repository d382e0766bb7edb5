-- The rows of the catch-all partitions of a table, by the period in which they belong.
--
-- $1 is an array with the table's object identifier. Reads the whole partition. A row without a period has null bounds.
-- What is due is moved by "partitions doctor --fix"; the rest stays where it is.
with policy as materialized (
    select p.*, w.lower_bound + (p.ahead + 1) * w.step as horizon
    from jsonb_array_elements_text($1::jsonb) parent
    join public.partition_policies p on p.parent = parent::oid
    cross join lateral public.partition_period(p.granularity, now() at time zone 'UTC') w
)
select
    s.partition::text as partition,
    to_char(s.lower_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as lower_bound,
    to_char(s.upper_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as upper_bound,
    s.rows::float8 as rows,
    coalesce(s.upper_bound <= p.horizon and s.lower_bound >= timestamp '0001-01-01', false) as is_due
from policy p
cross join lateral public.count_strays(p.parent, p.granularity) s
order by s.lower_bound;
