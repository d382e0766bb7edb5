-- The files of functions/ and views/ as they were last applied, and whether what they created is there.
select
    d.path,
    d.checksum,
    d.applied_at,
    d.dropped_at is null and count(o.objid) = cardinality(d.objects) as present
from public.schema_definitions d
left join public.definition_objects() o on o.path = d.path
group by d.path
order by d.path;
