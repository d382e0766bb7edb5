-- Lists the files of functions/ and views/ whose objects exist and name only relations and types that exist.
create or replace function public.definitions_that_resolve()
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select coalesce(array_agg(d.path), '{}')
    from public.schema_definitions d
    where d.dropped_at is null
        and not exists (select from unnest(d.refers_to) name where to_regtype(name) is null);
$function$;

comment on function public.definitions_that_resolve() is
    'Lists the files of functions/ and views/ whose objects exist and name only relations and types that exist.';
