-- Returns schema and name of a table, quoted where needed, whatever the search_path is.
create or replace function public.backfill_relation_name(relation regclass)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format('%I.%I', n.nspname, c.relname)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = relation;
$function$;

comment on function public.backfill_relation_name(regclass) is
    'Returns schema and name of a table, quoted where needed, whatever the search_path is.';
