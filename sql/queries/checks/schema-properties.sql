-- The owners and the comments of objects, each as the statement that makes it so.
--
-- Who may own an event trigger or a publication depends on rights that a role of another server need not have.
with word (type, command) as (
    values
        ('composite type', 'TYPE'), ('statistics object', 'STATISTICS'), ('foreign-data wrapper', 'FOREIGN DATA WRAPPER'),
        ('table constraint', 'CONSTRAINT'), ('domain constraint', 'CONSTRAINT')
), owned (classid, objid, owner) as (
    select tableoid, oid, relowner from pg_class where relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union all select tableoid, oid, proowner from pg_proc
    union all select tableoid, oid, typowner from pg_type
    union all select tableoid, oid, case when nspname = 'public' and nspowner = 'pg_database_owner'::regrole then 0 else nspowner end from pg_namespace
    union all select tableoid, oid, collowner from pg_collation
    union all select tableoid, oid, oprowner from pg_operator
    union all select tableoid, oid, stxowner from pg_statistic_ext
    union all select tableoid, oid, srvowner from pg_foreign_server
)
select
    format('%s/%s', o.classid::regclass, o.objid) as address,
    0 as part,
    pg_get_userbyid(o.owner)::text as owner,
    format('ALTER %s %s OWNER TO %I;', coalesce(w.command, upper(i.type)), i.identity, pg_get_userbyid(o.owner)) as statement
from owned o
cross join lateral pg_identify_object(o.classid, o.objid, 0) i
left join word w on w.type = i.type
where o.owner <> 0
    and (o.objid >= 16384 or o.classid = 'pg_namespace'::regclass and o.objid = 'public'::regnamespace)
    -- The type of a row belongs to whom its table belongs to, and so does the sequence of a column.
    and not exists (
        select from pg_depend d
        where d.classid = o.classid and d.objid = o.objid and (
            d.deptype = 'e'
            or d.deptype = 'i' and o.classid in ('pg_type'::regclass, 'pg_class'::regclass)
            or d.deptype = 'a' and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and o.classid = 'pg_class'::regclass
        )
    )
union all
select
    format('%s/%s', d.classoid::regclass, d.objoid),
    d.objsubid,
    null,
    format(
        'COMMENT ON %s %s IS %L;',
        case when d.objsubid > 0 then 'COLUMN' else coalesce(w.command, upper(i.type)) end,
        case i.type when 'domain constraint' then replace(i.identity, ' on ', ' ON DOMAIN ') else i.identity end,
        d.description
    )
from pg_description d
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
left join word w on w.type = i.type
where d.classoid <> 'pg_extension'::regclass and d.objoid >= 16384
    and not exists (
        select from pg_depend m where m.classid = d.classoid and m.objid = d.objoid and m.deptype = 'e'
    )
    or d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace
    and d.description <> 'standard public schema'
order by address, part, statement;
