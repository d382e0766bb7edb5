-- Lists the files of functions/ and views/ that refer to something whose name occurs in `statements`.
--
-- A statement that drops or alters an object has to name it, so the list is never too short (for statements that
-- build names at run time it can be); a name that occurs by chance only makes it longer.
create or replace function public.definitions_named_in(statements text)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select coalesce(array_agg(distinct r.path), '{}')
    from public.definition_references() r
    cross join lateral pg_identify_object_as_address(r.classid, r.objid, 0) address
    cross join lateral (select address.object_names[cardinality(address.object_names)]) object (name)
    where case
        when object.name ~ '^\w+$' then definitions_named_in.statements ~* format('\m%s\M', object.name)
        else strpos(definitions_named_in.statements, replace(object.name, '"', '""')) > 0
    end;
$function$;

comment on function public.definitions_named_in(text) is
    'Lists the files of functions/ and views/ that refer to something whose name occurs in `statements`.';
