-- What the partitions of a table are and lack: the rows of plan_partitions(), with moments in ISO 8601.
--
-- $1 has the table's object identifier ("parent") and how many partitions are wanted ahead (null: as its policy says).
-- A bound at MINVALUE or MAXVALUE is null.
with policy as materialized (
    select p.*, coalesce((given ->> 'ahead')::integer, p.ahead) as wanted
    from (select $1::jsonb as given) g
    join public.partition_policies p on p.parent = (given ->> 'parent')::oid
)
select
    d.state,
    d.partition::text as partition,
    d.partition::oid::bigint::float8 as oid,
    d.name,
    case when isfinite(d.lower_bound) then to_char(d.lower_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as lower_bound,
    case when isfinite(d.upper_bound) then to_char(d.upper_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as upper_bound,
    d.reason
from policy p
cross join lateral public.plan_partitions(p.parent, p.granularity, p.wanted, p.retain) d
order by d.lower_bound, d.upper_bound;
