-- Writes the statements that give a copy of a materialized view the privileges of the view and of its columns, and no
-- others.
--
-- They are granted in the order in which the view got them; to be run when the copy belongs to the owner of the view.
create or replace function public.copy_privilege_statements(view regclass, copy regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with statement (step, place, text) as (
        -- What it has as its owner's, and by ALTER DEFAULT PRIVILEGES.
        select 1, 0, format('revoke all on %s from %s', copy, has.grantee)
        from (
            select case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
            from pg_class c
            cross join lateral aclexplode(c.relacl) a
            where c.oid = copy
            union
            select quote_ident(pg_get_userbyid(c.relowner))
            from pg_class c
            where c.oid = copy_privilege_statements.view
        ) has (grantee)
        union all
        select
            2,
            a.place,
            format(
                'grant %s%s on %s to %s%s',
                lower(a.privilege_type), ' (' || given.quoted || ')', copy,
                case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' end
            )
        from (
            select null, coalesce(c.relacl, acldefault('r', c.relowner))
            from pg_class c
            where c.oid = copy_privilege_statements.view
            union all
            select quote_ident(t.attname), t.attacl
            from pg_attribute t
            where t.attrelid = copy_privilege_statements.view and t.attnum > 0 and not t.attisdropped
        ) given (quoted, acl)
        cross join lateral aclexplode(given.acl) with ordinality
            a (grantor, grantee, privilege_type, is_grantable, place)
    )
    select text from statement order by step, place, text;
$function$;

comment on function public.copy_privilege_statements(regclass, regclass) is
    'Writes the statements that give a copy of a materialized view the privileges of the view and of its columns, and no others.';
