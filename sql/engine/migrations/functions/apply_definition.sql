-- Applies one file of functions/ or views/ and records it; returns false when it is applied already.
--
-- A view is built beside the old one where that is possible, and so is one that reads such a view, though its file is
-- the same: swap_definitions() puts them in place, to be called after the last file. Any other object that cannot be
-- replaced in place (a function with another result type, a view that names its schema) is dropped with the objects of
-- other files that depend on it, which are created again afterwards. The same is done when an earlier text of the file
-- created objects that this one does not.
create or replace function public.apply_definition(
    path text, kind text, name text, refers_to text[], checksum text, definition text
)
returns boolean
language plpgsql
volatile
as $function$
declare
    path_before constant text := pg_catalog.current_setting('search_path');
    recorded public.schema_definitions;
    created text[];
    dropped text[];
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    select * into recorded from public.schema_definitions d where d.path = apply_definition.path;
    if recorded.checksum = apply_definition.checksum and recorded.dropped_at is null and (
        select count(*) from public.definition_objects() o where o.path = apply_definition.path
    ) = cardinality(recorded.objects) and not public.is_to_be_built_beside(recorded) then
        perform set_config('search_path', path_before, true);
        return false;
    end if;
    raise notice 'Applying %.', apply_definition.path using errcode = 'DF100', detail = apply_definition.path;
    if public.redefine_beside(
        apply_definition.path, apply_definition.kind, apply_definition.name, apply_definition.definition, path_before
    ) then
        created := array[
            format('%s.%I', public.creation_schema(path_before)::regnamespace, (parse_ident(apply_definition.name))[1])
        ];
    else
        select c.created, c.dropped into created, dropped
        from public.create_definition(
            apply_definition.path, apply_definition.kind, apply_definition.name, apply_definition.definition, path_before
        ) c;
    end if;
    insert into public.schema_definitions (path, kind, checksum, definition, objects, refers_to, search_path)
    values (
        apply_definition.path, apply_definition.kind, apply_definition.checksum, apply_definition.definition,
        created, public.qualified_types(apply_definition.refers_to, path_before), path_before
    )
    on conflict on constraint schema_definitions_pkey do update
    set checksum = excluded.checksum, definition = excluded.definition, objects = excluded.objects,
        refers_to = excluded.refers_to, search_path = excluded.search_path, applied_at = clock_timestamp(), dropped_at = null;
    perform public.restore_definitions(array_remove(dropped, apply_definition.path));
    perform set_config('search_path', path_before, true);
    return true;
end
$function$;

revoke execute on function public.apply_definition(text, text, text, text[], text, text) from public;

comment on function public.apply_definition(text, text, text, text[], text, text) is
    'Applies one file of functions/ or views/ and records it; returns false when it is applied already.';
