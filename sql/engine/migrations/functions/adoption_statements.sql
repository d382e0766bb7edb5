-- Writes the statements that give a view the owner, where its file names none, and the privileges of the one that it
-- replaces.
--
-- Privileges are those of both, unless the file has a REVOKE: then it says by itself who may do what. A view that
-- replaces none gets what ALTER DEFAULT PRIVILEGES says for the schema in which it is to stand.
create or replace function public.adoption_statements(built regclass, replaced regclass, schema_id oid)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with self as (
        select
            case c.relkind when 'm' then 'materialized view' else 'view' end as type,
            d.definition ~* '\mowner\s+to\M' as has_owner,
            d.definition ~* '\mrevoke\M' as has_revoke
        from pg_class c
        left join public.schema_definitions d on replaced::text = any (d.objects)
        where c.oid = built
    ), column_of as (
        select quote_ident(r.attname) as name, r.attacl
        from pg_attribute r
        join pg_attribute b on b.attrelid = built and b.attname = r.attname and b.attnum > 0
        where r.attrelid = replaced and r.attnum > 0 and not r.attisdropped
    ), statement (place, text) as (
        select 1, format('alter %s %s owner to %s', self.type, built, p.value)
        from self
        cross join public.table_properties(replaced) p
        where p.property = 'owner' and self.has_owner is not true
        union all
        select 2, public.property_statement(built::text, p.property, p.item, p.value)
        from self
        cross join public.table_properties(replaced) p
        where p.property = 'privileges' and self.has_revoke is not true
        union all
        select 2, format(
            'grant %s%s on %s to %s%s',
            lower(g.privilege_type), ' (' || g.name || ')', built,
            case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
            case when g.is_grantable then ' with grant option' end
        )
        from (
            select a.*, c.name from column_of c cross join lateral aclexplode(c.attacl) a
            union all
            select a.*, null
            from pg_default_acl d
            cross join lateral aclexplode(d.defaclacl) a
            where replaced is null and d.defaclnamespace = schema_id and d.defaclrole = current_user::regrole
                and d.defaclobjtype = 'r'
        ) g
        cross join self
        where self.has_revoke is not true
    )
    select text from statement order by place;
$function$;

comment on function public.adoption_statements(regclass, regclass, oid) is
    'Writes the statements that give a view the owner, where its file names none, and the privileges of the one that it replaces.';
