-- The tables that are partitioned by ranges of one column of time, and have no policy.
select t.partrelid::regclass::text as parent
from pg_partitioned_table t
join pg_class c on c.oid = t.partrelid
join pg_attribute a on a.attrelid = t.partrelid and a.attnum = t.partattrs[0]
where t.partstrat = 'r'
    and t.partnatts = 1
    and not c.relispartition
    and a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
    and not exists (select from public.partition_policies p where p.parent = t.partrelid)
order by 1;
