-- The tables that have a policy and exist, in the order of their names.
select p.parent::oid::text as id, p.parent::text as name, p.granularity
from public.partition_policies p
join pg_class c on c.oid = p.parent
order by 2;
