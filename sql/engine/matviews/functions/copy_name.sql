-- Returns the name that an object has while it stands beside another of its name, unique by the object's identifier.
--
-- A character takes up to four bytes and a name holds 63.
create or replace function public.copy_name(name name, object_id oid)
returns name
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select (left(name::text, 11) || '_beside_' || object_id)::name;
$function$;

comment on function public.copy_name(name, oid) is
    'Returns the name that an object has while it stands beside another of its name, unique by the object''s identifier.';
