-- Says whether the view of a file can be built beside what it replaces: `view`, or nothing when that is null.
--
-- Names without a schema are what makes that possible, in this file and in those of the views that read the view, which
-- are built with it. Views in no file that nothing of a file reads are replaced later; what else depends on one of them
-- (a function by its row type, a materialized view in no file) cannot follow. Needs CREATE on the database.
create or replace function public.can_be_built_beside(view regclass, schema_id oid, name name, definition text)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with above as materialized (
        select a.*, c.relname, c.relnamespace, c.relkind, c.relowner, c.reltype, t.typarray
        from public.views_above(can_be_built_beside.view) a
        join pg_class c on c.oid = a.above
        join pg_type t on t.oid = c.reltype
    )
    select has_database_privilege(current_database(), 'create')
        and not exists (
            select from pg_namespace n where n.oid = schema_id and public.names_qualified(definition, n.nspname, name)
        )
        and not exists (
            select
            from above a
            left join public.schema_definitions d on d.path = a.path
            where not pg_has_role(a.relowner, 'usage')
                or not has_schema_privilege(a.relnamespace, 'create')
                or a.distance > 0 and case
                    when a.path is null then a.relkind <> 'v' or exists (
                        select from public.views_above(a.above) r where r.distance > 0 and r.path is not null
                    )
                    else exists (
                        select
                        from above other
                        join pg_namespace n on n.oid = other.relnamespace
                        where public.names_qualified(d.definition, n.nspname, other.relname)
                    )
                end
        )
        and not exists (
            select
            from above a
            join pg_depend d on (d.refclassid, d.refobjid) in (
                ('pg_class'::regclass, a.above), ('pg_type'::regclass, a.reltype), ('pg_type'::regclass, a.typarray)
            )
            where a.path is not null and d.deptype = 'n' and d.classid <> 'pg_rewrite'::regclass
        );
$function$;

comment on function public.can_be_built_beside(regclass, oid, name, text) is
    'Says whether the view of a file can be built beside what it replaces: `view`, or nothing when that is null.';
