-- The statements that create further partitions after the cut-over, in their order.
select a.statement, (i.given ->> 'relation')::regclass::text as "table", to_jsonb(a.referenced) as referenced
from (select $1::jsonb as given) i
cross join lateral public.conversion_ahead_statements(
    (given ->> 'relation')::regclass, given ->> 'granularity', (given ->> 'cut')::timestamptz at time zone 'UTC',
    (given ->> 'ahead')::integer
) a;
