-- The rows of the catch-all partitions of a table, by the period in which they belong.
--
-- $1 is an array with the table's object identifier. Reads the whole partition. A row without a period has null bounds.
with policy as materialized (
    select p.*
    from jsonb_array_elements_text($1::jsonb) parent
    join public.partition_policies p on p.parent = parent::oid
)
select
    s.partition::text as partition,
    to_char(s.lower_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as lower_bound,
    to_char(s.upper_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as upper_bound,
    s.rows::float8 as rows
from policy p
cross join lateral public.count_strays(p.parent, p.granularity) s
order by s.lower_bound;
