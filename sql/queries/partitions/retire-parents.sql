-- The tables that may have something to retire: those with a policy, and those of the ledger.
select c.oid::bigint::float8 as oid, c.oid::regclass::text as parent
from pg_class c
where c.oid in (
    select p.parent from public.partition_policies p
    union all
    select to_regclass(r.parent) from public.retired_partitions r where r.dropped_at is null
)
order by 2;
