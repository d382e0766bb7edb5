-- Builds the view of a file beside the old one, for swap_definitions(); returns false when it is to be created
-- in its place.
--
-- That is so for a function, for a view that is not there, for a plain view that can be replaced as it is, and where it
-- cannot be built beside. What has been built so far takes its place before, unless it makes no difference to the view.
create or replace function public.redefine_beside(path text, kind text, name text, definition text, search_path text)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    schema_id constant oid := public.creation_schema(search_path);
    names constant text[] := parse_ident(name);
    replaced constant regclass := (
        select c.oid from pg_class c where c.relnamespace = schema_id and c.relname = names[1] and c.relkind in ('v', 'm')
    );
    is_waited_for constant boolean := exists (select from public.beside_views());
    built regclass;
begin
    if kind = 'view' and schema_id is not null
        and (replaced is not null or is_waited_for)
        and cardinality(names) = 1
        and (
            select coalesce(array_agg(o.objid), '{}') from public.definition_objects() o where o.path = redefine_beside.path
        ) = array_remove(array[replaced::oid], null)
        and public.can_be_built_beside(replaced, schema_id, names[1], definition)
    then
        begin
            built := public.build_beside(definition, search_path, schema_id, names[1]);
            if not public.columns_only_grow(replaced, built)
                or public.reads_replaced(replaced) or public.reads_replaced(built, built => true)
            then
                return true;
            end if;
            execute format('drop view %s', built);
            return false;
        -- It reads an old view, by its schema or through a function, and perhaps misses there what only the new one has.
        exception when sqlstate 'DF052' or undefined_column then
            if not is_waited_for and sqlstate <> 'DF052' then
                raise;
            end if;
        end;
    end if;
    perform public.swap_definitions();
    return false;
end
$function$;

revoke execute on function public.redefine_beside(text, text, text, text, text) from public;

comment on function public.redefine_beside(text, text, text, text, text) is
    'Builds the view of a file beside the old one, for swap_definitions(); returns false when it is to be created in its place.';
