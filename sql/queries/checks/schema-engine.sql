-- What of the objects is the tool's own, and what comes and goes by itself: the engine's routines, the partitions of policies.
select routine as name, false as is_partition
from public.schema_engine
cross join lateral unnest(routines) routine
union all
select t.relid::regclass::text, true
from public.partition_policies p
join pg_class c on c.oid = p.parent
cross join lateral pg_partition_tree(p.parent) t
where t.level > 0
union all
select r.relation::regclass::text, true
from public.retired_partitions r
join pg_class c on c.oid = r.relation
where r.detached_at is not null;
