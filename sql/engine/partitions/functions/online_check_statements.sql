-- Returns the statements that add a CHECK to a table without stopping its writers, as far as they have not run.
--
-- Whether it is valid is null while it does not exist.
create or replace function public.online_check_statements(relation regclass, name name, condition text, is_valid boolean)
returns table (statement text, lock_mode text, reads_table boolean)
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select format('alter table %s add constraint %I check (%s) not valid', relation, name, condition), 'ACCESS EXCLUSIVE', false
    where is_valid is null
    union all
    select format('alter table %s validate constraint %I', relation, name), 'SHARE UPDATE EXCLUSIVE', true
    where is_valid is not true;
$function$;

comment on function public.online_check_statements(regclass, name, text, boolean) is
    'Returns the statements that add a CHECK to a table without stopping its writers, as far as they have not run.';
