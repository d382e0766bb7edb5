-- Applies one file of functions/ or views/ and records it; returns false when it is applied already.
--
-- An object that cannot be replaced in place (a materialized view, a view with other columns, a function with another
-- result type) is dropped with the objects of other files that depend on it, which are created again afterwards.
-- The same is done when an earlier text of the file created objects that this one does not.
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
    places_before text[];
    dropped text[];
    created text[];
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    select * into recorded from public.schema_definitions d where d.path = apply_definition.path;
    if recorded.checksum = apply_definition.checksum and recorded.dropped_at is null and (
        select count(*) from public.definition_objects() o where o.path = apply_definition.path
    ) = cardinality(recorded.objects) then
        perform set_config('search_path', path_before, true);
        return false;
    end if;
    raise notice 'Applying %.', apply_definition.path using errcode = 'DF100', detail = apply_definition.path;
    select array_agg(o.place) into places_before
    from public.objects_named(apply_definition.kind, apply_definition.name, path_before) o;
    dropped := public.run_statements(array[apply_definition.definition], path_before, apply_definition.path);
    select array_agg(o.identity) into created
    from public.objects_named(apply_definition.kind, apply_definition.name, path_before) o
    where o.place <> all (places_before) is not false;
    if exists (
        select from public.definition_objects() o
        where o.path = apply_definition.path and o.identity <> all (created)
    ) then
        dropped := dropped || public.drop_definitions(array[apply_definition.path]);
        perform public.run_statements(array[apply_definition.definition], path_before);
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
