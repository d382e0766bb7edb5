-- What needs what, as addresses of a catalog and a number; `is_part`: the one is a part of the other.
--
-- The other way round than in the catalog: a column needs the sequence that it owns, because the statement that says so
-- comes with the table. An index on a partitioned table comes after the partitions, whose indexes are attached to it.
select
    format('%s/%s', d.classid::regclass, d.objid) as address,
    format('%s/%s', d.refclassid::regclass, d.refobjid) as needs,
    d.deptype in ('i', 'e') or d.deptype = 'a' and (
        d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
        or d.classid in ('pg_publication_rel'::regclass, 'pg_publication_namespace'::regclass)
        and d.refclassid = 'pg_publication'::regclass
    ) as is_part
from pg_depend d
where (d.objid >= 16384 and d.refobjid >= 16384)
    and not (
        d.deptype = 'a' and d.classid = 'pg_class'::regclass and d.refobjsubid > 0
        and d.objid in (select seqrelid from pg_sequence)
    )
union
select format('pg_class/%s', d.refobjid), format('pg_class/%s', d.objid), false
from pg_depend d
join pg_sequence s on s.seqrelid = d.objid
where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
union
select format('pg_class/%s', i.indexrelid), format('pg_class/%s', t.relid::oid), false
from pg_index i
join pg_class c on c.oid = i.indrelid and c.relkind = 'p'
cross join lateral pg_partition_tree(i.indrelid) t;
