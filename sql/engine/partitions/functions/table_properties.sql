-- Returns what a partition does not get from its parent by being one: owner, privileges, row-level security, replica
-- identity, statistics targets and storage parameters of a table, one row each, without what every new table has.
--
-- Each property has an item, such as a column or a role, or an empty text, and the value as a statement writes it.
-- In PL/pgSQL, which keeps its plan for the session: before PostgreSQL 18 a function in SQL is planned at each call.
create or replace function public.table_properties(relation regclass)
returns table (property text, item text, value text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
begin
    return query
    with self as (
        select c.* from pg_class c where c.oid = table_properties.relation
    )
    select 'owner', '', quote_ident(pg_get_userbyid(relowner)) from self
    union all
    select 'replica identity', '', case relreplident when 'f' then 'full' when 'n' then 'nothing' else 'using index' end
    from self
    where relreplident <> 'd'
    union all
    select 'row security', '', 'enable' from self where relrowsecurity
    union all
    select 'row security', 'force', 'force' from self where relforcerowsecurity
    union all
    select
        'policy',
        quote_ident(p.polname),
        format(
            'as %s for %s to %s%s%s',
            case when p.polpermissive then 'permissive' else 'restrictive' end,
            case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
            (
                select string_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ' order by role)
                from unnest(p.polroles) role
            ),
            ' using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
            ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
        )
    from pg_policy p
    where p.polrelid = table_properties.relation
    union all
    select
        'privileges',
        case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
            || case when a.is_grantable then ' with grant option' else '' end,
        string_agg(lower(a.privilege_type), ', ' order by a.privilege_type)
    from self
    cross join lateral aclexplode(relacl) a
    where a.grantee <> relowner
    group by a.grantee, a.is_grantable
    union all
    -- Up to 16, a column without a target of its own has -1, and from 17 null.
    select 'statistics', quote_ident(a.attname), a.attstattarget::text
    from pg_attribute a
    where a.attrelid = table_properties.relation and a.attnum > 0 and not a.attisdropped and a.attstattarget >= 0
    union all
    select 'storage parameter', o.option_name, o.option_value
    from self
    cross join lateral pg_options_to_table(reloptions) o;
end
$function$;

comment on function public.table_properties(regclass) is
    'Returns what a partition does not get from its parent by being one: owner, privileges, row-level security, replica identity, statistics targets and storage parameters of a table, one row each, without what every new table has.';
