-- Names of 60 bytes and more: PostgreSQL cuts what is longer than 63, and two that differ only behind that are then one.
with named as (
    select 'pg_class'::regclass as class, c.oid, 0 as column, c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind <> 't'
        -- Those of a partition are made of the names of its parent.
        and not c.relispartition
    union all
    select 'pg_class'::regclass, a.attrelid, a.attnum, a.attname
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and not c.relispartition
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select 'pg_constraint'::regclass, k.oid, 0, k.conname
    from pg_constraint k
    left join pg_class c on c.oid = k.conrelid
    where k.conindid = 0 and c.relispartition is distinct from true
        -- From PostgreSQL 18 on NOT NULL has a name, which the server gives.
        and k.contype <> 'n'
    union all
    select 'pg_proc'::regclass, p.oid, 0, p.proname
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select 'pg_type'::regclass, t.oid, 0, t.typname
    from pg_type t
    where t.typtype in ('e', 'd', 'r')
    union all
    select 'pg_trigger'::regclass, g.oid, 0, g.tgname
    from pg_trigger g
    where not g.tgisinternal and g.tgparentid = 0
    union all
    select 'pg_policy'::regclass, p.oid, 0, p.polname
    from pg_policy p
)
select
    'name-near-limit' as rule,
    pg_describe_object(d.class, d.oid, d.column) as object,
    jsonb_build_object('bytes', octet_length(d.name::text)) as detail
from named d
where octet_length(d.name::text) >= 60 and d.oid >= 16384
order by 2;
