-- Writes the statement that replaces a plain view by itself, so that it reads what has its sources' names by then.
create or replace function public.replace_view_statement(view regclass)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format(
        'create or replace view %s %s as %s',
        c.oid::regclass,
        'with (' || array_to_string(public.storage_parameters_of(c.oid), ', ') || ')',
        pg_get_viewdef(c.oid)
    )
    from pg_class c
    where c.oid = replace_view_statement.view;
$function$;

comment on function public.replace_view_statement(regclass) is
    'Writes the statement that replaces a plain view by itself, so that it reads what has its sources'' names by then.';
