-- Lists the policies of row-level security that hold where a view reads tables, with
-- the trees of their conditions.
--
-- They hold for the owner of the view, or of a plain view between, unless that role passes row-level security by.
create or replace function public.active_policies(view regclass)
returns table (relation regclass, condition text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with source as materialized (
        select s.objid
        from public.view_sources(active_policies.view) s
        where s.classid = 'pg_class'::regclass
    )
    select c.oid::regclass, p.polqual::text
    from source s
    join pg_class c on c.oid = s.objid and c.relrowsecurity
    join pg_policy p on p.polrelid = c.oid
    where exists (
        select
        from pg_class reader
        join pg_roles o on o.oid = reader.relowner
        where (
            reader.oid = active_policies.view
            or reader.relkind = 'v' and reader.oid in (select objid from source)
        )
            and not (o.rolsuper or o.rolbypassrls)
            and (c.relforcerowsecurity or not pg_has_role(o.oid, c.relowner, 'usage'))
    );
$function$;

comment on function public.active_policies(regclass) is
    'Lists the policies of row-level security that hold where a view reads tables, with the trees of their conditions.';
