-- The statements that undo a conversion and have not run yet, in their order.
select p.statement, p.lock_mode, coalesce(to_jsonb(p.locked), '[]') as locked, p.is_online
from (select $1::jsonb as given) i
cross join lateral public.plan_conversion_undo((given ->> 'relation')::regclass) p;
