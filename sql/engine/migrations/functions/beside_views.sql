-- Lists the views that are built and have not taken their places yet, with the old ones, null where there is none.
--
-- That they stand in a schema of beside_schema() is all that is known of them between two calls; a schema of another
-- owner is none of ours.
create or replace function public.beside_views()
returns table (built regclass, replaced regclass, schema_id oid, name name)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select b.oid::regclass, r.oid::regclass, n.oid, b.relname
    from pg_namespace n
    join pg_namespace beside on beside.nspname = public.beside_schema(n.oid) and beside.nspowner = current_user::regrole
    join pg_class b on b.relnamespace = beside.oid and b.relkind in ('v', 'm')
    left join pg_class r on r.relnamespace = n.oid and r.relname = b.relname;
$function$;

comment on function public.beside_views() is
    'Lists the views that are built and have not taken their places yet, with the old ones, null where there is none.';
