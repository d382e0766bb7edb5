-- Tells whether a partition can be dropped and created anew instead of being detached and attached again: it has no row,
-- and no foreign key refers to its table.
--
-- A detached partition keeps its foreign keys as its own, and ATTACH then locks the tables that they refer to against
-- everything; dropping it does not touch them.
create or replace function public.can_be_replaced(partition regclass)
returns boolean
language plpgsql
stable
-- Without it a policy of row-level security could hide the rows.
set row_security = off
set search_path = pg_catalog, pg_temp
as $function$
declare
    has_rows boolean;
begin
    execute format('select exists (select from %s)', partition) into has_rows;
    return not has_rows and not exists (
        select from pg_constraint f where f.contype = 'f' and f.confrelid = partition
    );
end
$function$;

comment on function public.can_be_replaced(regclass) is
    'Tells whether a partition can be dropped and created anew instead of being detached and attached again: it has no row, and no foreign key refers to its table.';
