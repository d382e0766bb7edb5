-- Creates the catch-all partition that the policy of a table wants; returns false where there is nothing to do.
--
-- Takes the locks of create_partition(), and waits for them like it.
create or replace function public.create_catch_all(parent regclass)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    statement text;
    created boolean := false;
begin
    perform public.lock_partitions(parent);
    for statement in select s from public.catch_all_statements(parent) s loop
        execute statement;
        created := true;
    end loop;
    return created;
end
$function$;

revoke execute on function public.create_catch_all(regclass) from public;

comment on function public.create_catch_all(regclass) is
    'Creates the catch-all partition that the policy of a table wants; returns false where there is nothing to do.';
