-- Says whether CREATE OR REPLACE VIEW can turn a plain view into another one, because that has its columns and perhaps more.
create or replace function public.columns_only_grow(view regclass, other regclass)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select (select count(*) from pg_class c where c.oid in (columns_only_grow.view, other) and c.relkind = 'v') = 2
        and not exists (
            select a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation
            from pg_attribute a
            where a.attrelid = columns_only_grow.view and a.attnum > 0
            except
            select a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation
            from pg_attribute a
            where a.attrelid = other and a.attnum > 0
        );
$function$;

comment on function public.columns_only_grow(regclass, regclass) is
    'Says whether CREATE OR REPLACE VIEW can turn a plain view into another one, because that has its columns and perhaps more.';
