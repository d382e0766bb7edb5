-- Tables that are empty after a crash and on standbys; partitions are counted with the table that they belong to.
select
    'warning' as level,
    r.root::text as object,
    jsonb_build_object('tables', count(*)) as detail,
    string_agg(format('alter table %s set logged;', c.oid::regclass), E'\n' order by c.oid::regclass::text) as cure
from pg_class c
cross join lateral (select coalesce(pg_partition_root(c.oid), c.oid)::regclass as root) r
where c.relkind = 'r' and c.relpersistence = 'u'
group by r.root
order by 2;
