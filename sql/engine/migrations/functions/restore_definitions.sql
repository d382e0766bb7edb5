-- Creates the objects of the given files of functions/ and views/ again, as far as what they refer to still exists.
--
-- Given in the order of drop_definitions, dependents first, they are created in the reverse order. One that no longer
-- resolves stays marked as dropped, and the next `migrate` creates it from its file.
create or replace function public.restore_definitions(paths text[])
returns void
language plpgsql
volatile
as $function$
declare
    file record;
begin
    for file in
        select d.path, d.definition, d.search_path
        from pg_catalog.unnest(paths) with ordinality p (path, place)
        join public.schema_definitions d on d.path operator(pg_catalog.=) p.path
        group by d.path
        order by pg_catalog.max(p.place) desc
    loop
        begin
            perform pg_catalog.set_config('search_path', file.search_path, true);
            execute file.definition;
            perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
            update public.schema_definitions d set dropped_at = null where d.path = file.path;
        exception
            when insufficient_privilege then
                raise;
            -- Class 42: a name or a type that its text no longer fits. The subtransaction has put search_path back.
            when syntax_error_or_access_rule_violation or invalid_schema_name then
                null;
        end;
    end loop;
end
$function$;

revoke execute on function public.restore_definitions(text[]) from public;

comment on function public.restore_definitions(text[]) is
    'Creates the objects of the given files of functions/ and views/ again, as far as what they refer to still exists.';
