-- The statements of the transaction that makes a prepared table a partitioned one, in their order.
select p.statement, p.lock_mode, coalesce(to_jsonb(p.locked), '[]') as locked, false as reads_table
from (select $1::jsonb as given) i
cross join lateral public.plan_conversion(
    (given ->> 'relation')::regclass, (given ->> 'column')::name, given ->> 'granularity', given ->> 'encoding',
    (given ->> 'cut')::timestamptz at time zone 'UTC', (given ->> 'ahead')::integer
) p;
