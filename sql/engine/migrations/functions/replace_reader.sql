-- Replaces a plain view that is in no file by itself, so that it reads the new views instead of the old ones.
--
-- It keeps its identifier, privileges and comments. Its query is written under the schemas of those views alone, without
-- them before their names, and read again under beside_path(). Ends with DF053 where it does not fit the new ones.
create or replace function public.replace_reader(view regclass, search_path text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    head constant text := format(
        'create or replace view %s %s as ', view,
        'with (' || array_to_string(public.storage_parameters_of(view), ', ') || ')'
    );
    description constant text := pg_describe_object('pg_class'::regclass, view, 0);
    beside_path constant text := public.beside_path(search_path);
    query text;
begin
    perform set_config('search_path', replace_reader.search_path || ', pg_temp', true);
    query := pg_catalog.pg_get_viewdef(view);
    perform pg_catalog.set_config('search_path', beside_path || ', pg_temp', true);
    execute head || query;
exception when undefined_column or undefined_function or invalid_table_definition or datatype_mismatch
    or wrong_object_type or cannot_coerce or feature_not_supported then
    raise exception 'The new definition does not fit a view that reads it and is in no file.'
        using errcode = 'DF053', detail = format('%s: %s', description, sqlerrm);
end
$function$;

revoke execute on function public.replace_reader(regclass, text) from public;

comment on function public.replace_reader(regclass, text) is
    'Replaces a plain view that is in no file by itself, so that it reads the new views instead of the old ones.';
