-- Keeps other sessions of the toolkit from changing the partitions of a table until the transaction ends.
--
-- An advisory lock, so that nobody else waits for it. Sets lock_timeout to three seconds for the rest of the transaction
-- where it is 0: what comes next locks tables that the application uses.
create or replace function public.lock_partitions(parent regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    if current_setting('lock_timeout') = '0' then
        perform set_config('lock_timeout', '3s', true);
    end if;
    perform pg_advisory_xact_lock(hashtext('doramaflix-db partitions'), parent::oid::integer);
end
$function$;

revoke execute on function public.lock_partitions(regclass) from public;

comment on function public.lock_partitions(regclass) is
    'Keeps other sessions of the toolkit from changing the partitions of a table until the transaction ends.';
