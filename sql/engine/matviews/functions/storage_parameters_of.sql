-- Lists the storage parameters of a relation and of its TOAST table as a WITH clause has them.
create or replace function public.storage_parameters_of(relation regclass)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select array_agg(format('%s%I = %L', t.prefix, o.option_name, o.option_value) order by t.prefix, o.place)
    from pg_class c
    cross join lateral (
        select '' as prefix, c.reloptions
        union all
        select 'toast.', toast.reloptions from pg_class toast where toast.oid = c.reltoastrelid
    ) t
    cross join lateral pg_options_to_table(t.reloptions) with ordinality o (option_name, option_value, place)
    where c.oid = storage_parameters_of.relation;
$function$;

comment on function public.storage_parameters_of(regclass) is
    'Lists the storage parameters of a relation and of its TOAST table as a WITH clause has them.';
