-- Tables for which autovacuum is turned off; partitions are counted with the table that they belong to.
select
    'warning' as level,
    r.root::text as object,
    jsonb_build_object('tables', count(*)) as detail,
    string_agg(
        format('alter table %s reset (autovacuum_enabled);', c.oid::regclass), E'\n' order by c.oid::regclass::text
    ) as cure
from pg_class c
cross join lateral (select coalesce(pg_partition_root(c.oid), c.oid)::regclass as root) r
cross join lateral pg_options_to_table(c.reloptions) o
where c.relkind in ('r', 'm') and c.relpersistence <> 't'
    and o.option_name = 'autovacuum_enabled' and not o.option_value::boolean
group by r.root
order by 2;
