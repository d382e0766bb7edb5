-- Says whether a text seems to name an object with its schema.
create or replace function public.names_qualified(definition text, schema name, name name)
returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select names_qualified.definition ~* format(
        '"?%s"?\s*\.\s*"?%s("|\M)',
        regexp_replace(replace(names_qualified.schema, '"', '""'), '(\W)', '\\\1', 'g'),
        regexp_replace(replace(names_qualified.name, '"', '""'), '(\W)', '\\\1', 'g')
    );
$function$;

comment on function public.names_qualified(text, name, name) is
    'Says whether a text seems to name an object with its schema.';
