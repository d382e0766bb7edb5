-- Returns a search_path under which names mean what they mean under the given one, but for views that are being replaced.
--
-- Each schema comes after that of its replacements; where that does not exist, the server passes it over. What is
-- created without a schema goes into the first.
create or replace function public.beside_path(search_path text)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    schemas name[];
begin
    perform set_config('search_path', beside_path.search_path, true);
    schemas := current_schemas(false);
    perform set_config('search_path', 'pg_catalog, pg_temp', true);
    return (
        select string_agg(format('%I, %I', public.beside_schema(n.oid), n.nspname), ', ' order by s.place)
        from unnest(schemas) with ordinality s (name, place)
        join pg_namespace n on n.nspname = s.name
    );
end
$function$;

revoke execute on function public.beside_path(text) from public;

comment on function public.beside_path(text) is
    'Returns a search_path under which names mean what they mean under the given one, but for views that are being replaced.';
