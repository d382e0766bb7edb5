-- The database, and tables with their partitions, whose oldest transaction or multixact number is far back.
with threshold as (
    select
        -- Autovacuum begins at autovacuum_freeze_max_age (200 million by default) and multixact_freeze_max_age (400):
        -- what is well beyond has not been vacuumed although it should.
        -- Where these are set higher than the danger, what is in danger is told all the same.
        least(d.danger, greatest(500000000, current_setting('autovacuum_freeze_max_age')::bigint * 5 / 4))
            as transactions,
        least(d.danger, greatest(600000000, current_setting('autovacuum_multixact_freeze_max_age')::bigint * 5 / 4))
            as multixacts,
        d.danger
    -- Half of the way to 2 thousand million, where the server refuses to write.
    from (values (1000000000)) d (danger)
), measured as (
    select coalesce(pg_partition_root(c.oid), c.oid) as root, x.transactions, x.multixacts
    from pg_class c
    -- A TOAST table is vacuumed with the table that it belongs to.
    left join pg_class t on t.oid = c.reltoastrelid
    cross join lateral (
        select
            greatest(age(c.relfrozenxid), age(t.relfrozenxid)) as transactions,
            greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid)) as multixacts
    ) x
    where c.relkind in ('r', 'm') and c.relpersistence <> 't'
), found as (
    select
        m.root::regclass::text as object,
        'table' as kind,
        max(m.transactions) as transactions,
        max(m.multixacts) as multixacts,
        count(*) as tables,
        format('vacuum (freeze) %s;', m.root::regclass) as cure
    from measured m
    cross join threshold t
    where m.transactions > t.transactions or m.multixacts > t.multixacts
    group by m.root
    union all
    select
        quote_ident(d.datname), 'database', age(d.datfrozenxid), mxid_age(d.datminmxid), null,
        -- What is old in it is listed too; of another database this sees nothing.
        case when d.datname <> current_database() then format('vacuumdb --freeze %s', quote_ident(d.datname)) end
    from pg_database d
    cross join threshold t
    where age(d.datfrozenxid) > t.transactions or mxid_age(d.datminmxid) > t.multixacts
)
select
    case when greatest(f.transactions, f.multixacts) > t.danger then 'error' else 'warning' end as level,
    f.object,
    to_jsonb(f) - 'object' - 'cure' as detail,
    f.cure
from found f
cross join threshold t
order by greatest(f.transactions, f.multixacts) desc;
