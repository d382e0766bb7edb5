-- Returns the statements that give a new relation the privileges of another one, and no others.
--
-- A new relation may have some already, from ALTER DEFAULT PRIVILEGES.
create or replace function public.exact_privilege_statements(relation oid, target text)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format(
        'revoke all on %s from %s',
        target,
        string_agg(distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, ', ')
    )
    from pg_class c
    join pg_default_acl f on f.defaclrole = current_user::regrole
        and f.defaclobjtype = case c.relkind when 'S' then 'S' else 'r' end
        and f.defaclnamespace in (0, c.relnamespace)
    cross join lateral aclexplode(f.defaclacl) a
    where c.oid = relation and a.grantee not in (c.relowner, f.defaclrole)
    having count(*) > 0
    union all
    select public.property_statement(target, t.property, t.item, t.value)
    from public.table_properties(relation) t
    where t.property = 'privileges'
    union all
    select format(
        'grant %s (%I) on %s to %s%s',
        lower(a.privilege_type), t.attname, target,
        case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
        case when a.is_grantable then ' with grant option' else '' end
    )
    from pg_attribute t
    cross join lateral aclexplode(t.attacl) a
    where t.attrelid = relation and t.attnum > 0 and not t.attisdropped;
$function$;

comment on function public.exact_privilege_statements(oid, text) is
    'Returns the statements that give a new relation the privileges of another one, and no others.';
