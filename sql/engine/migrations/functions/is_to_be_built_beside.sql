-- Says whether the view of a file, which has not changed, reads one that is being replaced.
create or replace function public.is_to_be_built_beside(recorded public.schema_definitions)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select coalesce(bool_or(public.reads_replaced(o.objid)), false)
    from public.definition_objects() o
    where o.path = recorded.path and recorded.kind = 'view' and exists (select from public.beside_views());
$function$;

comment on function public.is_to_be_built_beside(public.schema_definitions) is
    'Says whether the view of a file, which has not changed, reads one that is being replaced.';
