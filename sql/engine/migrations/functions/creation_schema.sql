-- Returns the schema in which a name without a schema is created under a search_path.
create or replace function public.creation_schema(search_path text)
returns oid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform set_config('search_path', creation_schema.search_path, true);
    return (select n.oid from pg_namespace n where n.nspname = current_schema());
end
$function$;

revoke execute on function public.creation_schema(text) from public;

comment on function public.creation_schema(text) is
    'Returns the schema in which a name without a schema is created under a search_path.';
