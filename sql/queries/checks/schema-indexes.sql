-- The indexes of a database that belong to no constraint, each with the statements that create it.
--
-- That of a partition is attached to its parent's, which is created without those of the partitions.
select
    format('pg_class/%s', c.oid) as address,
    'index' as kind,
    n.nspname::text as schema,
    format('%I.%I', n.nspname, c.relname) as name,
    i.indrelid::regclass::text as relation,
    concat_ws(E'\n',
        pg_get_indexdef(c.oid) || ';',
        (
            select format('ALTER INDEX %s ATTACH PARTITION %s;', h.inhparent::regclass, c.oid::regclass)
            from pg_inherits h
            where h.inhrelid = c.oid
        ),
        (
            select string_agg(
                format(
                    'ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s;', c.oid::regclass, a.attnum,
                    to_jsonb(a) ->> 'attstattarget'
                ),
                E'\n' order by a.attnum
            )
            from pg_attribute a
            where a.attrelid = c.oid and (to_jsonb(a) ->> 'attstattarget')::integer <> -1
        ),
        case when i.indisclustered then format('ALTER TABLE %s CLUSTER ON %I;', i.indrelid::regclass, c.relname) end,
        case when i.indisreplident then format(
            'ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %I;', i.indrelid::regclass, c.relname
        ) end,
        case when c.relkind = 'i' and not (i.indisvalid and i.indisready)
            then '-- It is not valid: its creation was broken off.' end
    ) as definition
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
        select from pg_constraint o where o.conindid = c.oid and o.contype in ('p', 'u', 'x')
    )
    and not exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid in (c.oid, i.indrelid) and d.deptype = 'e'
    );
