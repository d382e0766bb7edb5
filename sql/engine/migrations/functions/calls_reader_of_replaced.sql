-- Says whether a view calls a function of functions/ whose body, a string, names a view that is being replaced.
--
-- What such a body reads is found when it runs, and that need not be the new view.
create or replace function public.calls_reader_of_replaced(view regclass)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select exists (
        select
        from public.view_sources(calls_reader_of_replaced.view) s
        join public.definition_objects() o on (o.classid, o.objid) = (s.classid, s.objid)
        join public.schema_definitions d on d.path = o.path and d.kind = 'function'
        join public.beside_views() b on b.replaced::text = any (d.refers_to)
    );
$function$;

comment on function public.calls_reader_of_replaced(regclass) is
    'Says whether a view calls a function of functions/ whose body, a string, names a view that is being replaced.';
