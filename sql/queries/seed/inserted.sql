-- How many rows this transaction has inserted, by table; those of a partition count for its partitioned table.
select
    coalesce(pg_partition_root(c.oid), c.oid)::regclass::text as table,
    sum(s.n_tup_ins)::float8 as rows
from pg_stat_xact_user_tables s
join pg_class c on c.oid = s.relid and c.relkind = 'r' and c.relpersistence <> 't'
where s.n_tup_ins > 0
group by 1
order by 1;
