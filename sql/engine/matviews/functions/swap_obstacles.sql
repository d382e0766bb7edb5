-- Lists why a materialized view cannot be replaced by a fresh copy; nothing when it can.
--
-- What depends on the view follows its identifier and would stay with the old one. Plain views are replaced with it;
-- anything else is in the way. The copy is made in the same schema, and given to the same owner.
create or replace function public.swap_obstacles(view regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with self as (
        select c.*, t.typarray
        from pg_class c
        join pg_type t on t.oid = c.reltype
        where c.oid = swap_obstacles.view
    ), dependent as (
        select
            d.*, w.ev_class, v.relowner, v.relnamespace,
            coalesce(v.relkind = 'v' and w.rulename = '_RETURN', false) as is_view
        from pg_depend d
        join self on (d.refclassid, d.refobjid) in (
            ('pg_class'::regclass, self.oid), ('pg_type'::regclass, self.reltype), ('pg_type'::regclass, self.typarray)
        )
        left join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
        left join pg_class v on v.oid = w.ev_class
        where d.deptype not in ('i', 'a') and w.ev_class is distinct from self.oid
    )
    select distinct pg_describe_object(classid, objid, 0) || ' depends on it'
    from dependent
    where not is_view or refclassid = 'pg_type'::regclass
    union all
    select distinct format('view %s depends on it and belongs to %s', ev_class::regclass, pg_get_userbyid(relowner))
    from dependent
    where is_view and not pg_has_role(relowner, 'usage')
    union all
    select distinct format('%s may not create in schema %s', current_user, relnamespace::regnamespace)
    from dependent
    where is_view and not has_schema_privilege(relnamespace, 'create')
        and relnamespace <> (select self.relnamespace from self)
    union all
    select 'statistics object ' || s.stxname || ' depends on it'
    from pg_statistic_ext s
    join self on self.oid = s.stxrelid
    union all
    select distinct case d.deptype when 'e' then 'it belongs to an extension' else 'it depends on an extension' end
    from self
    join pg_depend d on d.classid = 'pg_class'::regclass
        and (d.objid = self.oid or d.objid in (select indexrelid from pg_index where indrelid = self.oid))
    where d.refclassid = 'pg_extension'::regclass and d.deptype in ('e', 'x')
    union all
    select distinct 'privileges on it were granted by ' || pg_get_userbyid(a.grantor)
    from self
    join pg_attribute t on t.attrelid = self.oid
    cross join lateral (select * from aclexplode(self.relacl) union all select * from aclexplode(t.attacl)) a
    where a.grantor <> self.relowner
    union all
    select 'it has a security label'
    from self
    where exists (select from pg_seclabel l where l.classoid = 'pg_class'::regclass and l.objoid = self.oid)
    union all
    select 'it belongs to ' || pg_get_userbyid(relowner)
    from self
    where not pg_has_role(relowner, 'usage')
    union all
    select distinct format('%s may not create in schema %s', r.name, self.relnamespace::regnamespace)
    from self
    cross join lateral (values (current_user), (pg_get_userbyid(self.relowner))) r (name)
    where not has_schema_privilege(r.name, self.relnamespace, 'create')
        and not (select rolsuper from pg_roles where rolname = current_user);
$function$;

comment on function public.swap_obstacles(regclass) is
    'Lists why a materialized view cannot be replaced by a fresh copy; nothing when it can.';
