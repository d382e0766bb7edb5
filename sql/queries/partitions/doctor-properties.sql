-- Findings on properties that a table's partitions are to have and do not: one row for each property and value.
--
-- $1 has the table's object identifier as "parent".
select
    'property_drift' as finding,
    'warning' as level,
    c.oid::regclass::text as parent,
    c.oid::regclass::text as relation,
    jsonb_build_object(
        'property', d.property,
        'item', d.item,
        'value', d.value,
        'partitions', jsonb_agg(d.partition::text),
        'statements', jsonb_agg(d.statement)
    ) as detail
from pg_class c
cross join lateral public.partition_property_drift(c.oid) d
where c.oid = ($1::jsonb ->> 'parent')::oid
group by c.oid, d.property, d.item, d.value
order by d.property <> 'owner', d.property, d.item;
