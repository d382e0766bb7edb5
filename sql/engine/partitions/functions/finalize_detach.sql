-- Completes the detaching of a partition that was interrupted, and records it where the toolkit had begun it.
--
-- Waits for the transactions that may still see the partition, for lock_timeout at most; interrupted again, it is as
-- before. Locks the parent with SHARE UPDATE EXCLUSIVE and the partition against everything.
create or replace function public.finalize_detach(partition regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    parent regclass;
begin
    select i.inhparent into strict parent from pg_inherits i where i.inhrelid = partition and i.inhdetachpending;
    execute format('alter table %s detach partition %s finalize', parent, partition);
    update public.retired_partitions r
    set detached_at = clock_timestamp()
    where r.relation = finalize_detach.partition::oid and r.detached_at is null;
end
$function$;

revoke execute on function public.finalize_detach(regclass) from public;

comment on function public.finalize_detach(regclass) is
    'Completes the detaching of a partition that was interrupted, and records it where the toolkit had begun it.';
