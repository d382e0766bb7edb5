-- Returns the name of the schema in which views are built that are to replace those of a schema.
create or replace function public.beside_schema(schema oid)
returns name
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select ('doramaflix_db_beside_' || beside_schema.schema)::name;
$function$;

comment on function public.beside_schema(oid) is
    'Returns the name of the schema in which views are built that are to replace those of a schema.';
