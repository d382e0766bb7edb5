-- Gaps of row-level security: policies not in force, tables that only their owner can read, views that show all rows.
with protected as (
    select c.oid, c.relowner, c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity,
        exists (select from pg_policy p where p.polrelid = c.oid) as has_policy
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p')
        -- A partition without a policy is read through its table, whose policies hold, and by nobody directly.
        and not c.relispartition
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select 'policy-not-in-force' as rule, name as object, '{}'::jsonb as detail
from protected
where has_policy and not relrowsecurity
union all
select 'row-security-without-policy', name, '{}'
from protected
where relrowsecurity and not has_policy
union all
-- A view reads as its owner, whom policies do not bind where the owner has the table too, or is a superuser.
select distinct 'view-past-row-security', v.oid::regclass::text, jsonb_build_object('table', t.name)
from protected t
join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and d.classid = 'pg_rewrite'::regclass
join pg_rewrite w on w.oid = d.objid
join pg_class v on v.oid = w.ev_class and v.relkind = 'v'
join pg_roles o on o.oid = v.relowner
where t.relrowsecurity
    and not coalesce((
        select option_value::boolean
        from pg_options_to_table(v.reloptions)
        where option_name = 'security_invoker'
    ), false)
    and (
        o.rolsuper or o.rolbypassrls
        or not t.relforcerowsecurity and pg_has_role(v.relowner, t.relowner, 'usage')
    )
    -- Who may read it besides its owner.
    and exists (
        select from aclexplode(v.relacl) a
        where a.grantee <> v.relowner and a.privilege_type = 'SELECT'
    )
order by 1, 2;
