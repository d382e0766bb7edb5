-- Drops a partition that has no row.
--
-- Raises lock_not_available where it has got one since that was looked at: the caller tries again, and plans anew.
create or replace function public.drop_empty_partition(partition regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    execute format('lock table only %s in access exclusive mode', partition);
    if not public.can_be_replaced(partition) then
        raise exception 'Partition "%" has got a row.', partition using errcode = 'lock_not_available';
    end if;
    execute format('drop table %s', partition);
end
$function$;

revoke execute on function public.drop_empty_partition(regclass) from public;

comment on function public.drop_empty_partition(regclass) is
    'Drops a partition that has no row.';
