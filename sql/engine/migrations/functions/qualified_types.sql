-- Returns those of `names` that are relations or types of the project under `search_path`, qualified.
--
-- Every relation has a row type of its name, so one lookup serves both. What does not resolve (the name of a CTE,
-- of a temporary table) and what belongs to PostgreSQL itself is left out.
create or replace function public.qualified_types(names text[], search_path text)
returns text[]
language plpgsql
volatile
as $function$
declare
    ids oid[];
begin
    perform pg_catalog.set_config('search_path', qualified_types.search_path, true);
    ids := array(select pg_catalog.to_regtype(name)::oid from pg_catalog.unnest(names) name);
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    -- Object identifiers below 16384 are those that initdb gave.
    return array(select distinct id::regtype::text from unnest(ids) id where id >= 16384 order by 1);
end
$function$;

revoke execute on function public.qualified_types(text[], text) from public;

comment on function public.qualified_types(text[], text) is
    'Returns those of `names` that are relations or types of the project under `search_path`, qualified.';
