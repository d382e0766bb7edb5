-- Returns the policy of a materialized view; null without one.
create or replace function public.matview_policy(view regclass)
returns public.matview_policies
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select p
    from public.matview_policies p
    join pg_namespace n on n.nspname = p.schema_name
    join pg_class c on c.relnamespace = n.oid and c.relname = p.view_name
    where c.oid = matview_policy.view;
$function$;

comment on function public.matview_policy(regclass) is
    'Returns the policy of a materialized view; null without one.';
