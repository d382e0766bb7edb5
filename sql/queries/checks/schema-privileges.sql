-- The statements that give the privileges on objects as they are, and the default ones; one row for a role and an object.
--
-- Only what differs from the privileges that an object has by itself: all for its owner, and for functions, types and
-- languages some for everybody. Who granted is not told. A set that is everything is called ALL, because a newer server has more.
with object (classid, objid, subid, type, owner, acl, target, part) as (
    select
        c.tableoid, c.oid, 0, case c.relkind when 'S' then 's' else 'r' end, c.relowner, c.relacl,
        format('%s %I.%I', case c.relkind when 'S' then 'SEQUENCE' else 'TABLE' end, n.nspname, c.relname), null
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and c.relacl is not null
    union all
    select
        c.tableoid, c.oid, a.attnum, 'c', c.relowner, a.attacl, format('TABLE %I.%I', n.nspname, c.relname),
        format(' (%I)', a.attname)
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attacl is not null and not a.attisdropped
    union all
    select tableoid, oid, 0, 'f', proowner, proacl, format('ROUTINE %s', oid::regprocedure), null
    from pg_proc
    where proacl is not null
    union all
    select tableoid, oid, 0, 'T', typowner, typacl, format('TYPE %s', oid::regtype), null
    from pg_type
    where typacl is not null
    union all
    select tableoid, oid, 0, 'n', nspowner, nspacl, format('SCHEMA %I', nspname), null
    from pg_namespace
    where nspacl is not null
    union all
    select tableoid, oid, 0, 'F', fdwowner, fdwacl, format('FOREIGN DATA WRAPPER %I', fdwname), null
    from pg_foreign_data_wrapper
    where fdwacl is not null
    union all
    select tableoid, oid, 0, 'S', srvowner, srvacl, format('FOREIGN SERVER %I', srvname), null
    from pg_foreign_server
    where srvacl is not null
    union all
    select
        'pg_default_acl'::regclass, d.oid, 0, case d.defaclobjtype when 'S' then 's' else d.defaclobjtype::text end, d.defaclrole,
        d.defaclacl,
        case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'ROUTINES' when 'T' then 'TYPES'
            when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end,
        null
    from pg_default_acl d
), own as materialized (
    select
        o.*,
        case
            -- Those of a schema come on top of the others, so that by themselves there are none.
            when o.classid = 'pg_default_acl'::regclass
                and exists (select from pg_default_acl d where d.oid = o.objid and d.defaclnamespace <> 0) then null
            when o.classid = 'pg_namespace'::regclass and o.objid = 'public'::regnamespace
                then acldefault('n', o.owner) || makeaclitem(0, o.owner, 'USAGE', false)
            else acldefault(o.type::"char", o.owner)
        end as initial
    from object o
    where not exists (
        select from pg_depend m where m.classid = o.classid and m.objid = o.objid and m.deptype = 'e'
    )
), whole as (
    select o.type, count(*) as number
    from (values ('r'), ('s'), ('c'), ('f'), ('T'), ('n'), ('F'), ('S'), ('L')) o (type)
    cross join lateral aclexplode(acldefault(case o.type when 'c' then 'r' else o.type end::"char", 10)) a
    where a.grantee = 10 and (o.type <> 'c' or a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES'))
    group by o.type
), difference as (
    select o.classid, o.objid, o.subid, 'GRANT' as verb, a.grantee, a.privilege_type, a.is_grantable
    from own o
    cross join lateral aclexplode(o.acl) a
    where not exists (
        select
        from aclexplode(o.initial) i
        where i.grantee = a.grantee and i.privilege_type = a.privilege_type and (i.is_grantable or not a.is_grantable)
    )
    group by 1, 2, 3, 4, 5, 6, 7
    union all
    select o.classid, o.objid, o.subid, 'REVOKE', i.grantee, i.privilege_type, false
    from own o
    cross join lateral aclexplode(o.initial) i
    where not exists (
        select from aclexplode(o.acl) a where a.grantee = i.grantee and a.privilege_type = i.privilege_type
    )
), statement as (
    select
        d.classid, d.objid, d.subid, d.verb, d.grantee, d.is_grantable,
        case
            when count(*) = w.number then concat('ALL', o.part)
            else string_agg(concat(d.privilege_type, o.part), ', ' order by d.privilege_type)
        end as privileges,
        o.target
    from difference d
    join own o on o.classid = d.classid and o.objid = d.objid and o.subid = d.subid
    left join whole w on w.type = o.type
    group by d.classid, d.objid, d.subid, d.verb, d.grantee, d.is_grantable, w.number, o.target, o.part
)
select
    format('%s/%s', s.classid::regclass, s.objid) as address,
    case when p.oid is not null then concat_ws(' ',
        s.target, 'of', pg_get_userbyid(p.defaclrole), 'in ' || nullif(p.defaclnamespace, 0)::regnamespace
    ) end as default_privileges,
    concat(
        'ALTER DEFAULT PRIVILEGES FOR ROLE ' || quote_ident(pg_get_userbyid(p.defaclrole)) || ' ',
        'IN SCHEMA ' || nullif(p.defaclnamespace, 0)::regnamespace || ' ',
        s.verb, ' ', s.privileges, ' ON ', s.target, case s.verb when 'GRANT' then ' TO ' else ' FROM ' end,
        case s.grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(s.grantee)) end,
        case when s.is_grantable then ' WITH GRANT OPTION' end, ';'
    ) as statement
from statement s
left join pg_default_acl p on s.classid = 'pg_default_acl'::regclass and p.oid = s.objid
-- All revoking goes first: the server takes the order of a list from the order of its statements.
order by
    s.classid, s.objid, s.verb desc, s.subid,
    case s.grantee when 0 then '' else pg_get_userbyid(s.grantee) end collate "C", s.is_grantable;
