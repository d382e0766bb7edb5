-- Records what became of a partition that was to be detached: detached, or not, and then the ledger forgets it.
--
-- Returns "detached", "withdrawn" for one that is a partition as before, and "pending" for one that is half detached,
-- of which the ledger keeps the row as it is. Looks at the table and not at what the caller believes.
create or replace function public.end_retirement(retirement bigint)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    found record;
begin
    select i.inhrelid, i.inhdetachpending into found
    from public.retired_partitions r
    left join pg_inherits i on i.inhrelid = r.relation
    where r.id = end_retirement.retirement
    for update of r;
    if found.inhdetachpending then
        return 'pending';
    elsif found.inhrelid is not null then
        delete from public.retired_partitions r where r.id = end_retirement.retirement;
        return 'withdrawn';
    end if;
    update public.retired_partitions r
    set detached_at = clock_timestamp()
    where r.id = end_retirement.retirement and r.detached_at is null;
    return 'detached';
end
$function$;

revoke execute on function public.end_retirement(bigint) from public;

comment on function public.end_retirement(bigint) is
    'Records what became of a partition that was to be detached: detached, or not, and then the ledger forgets it.';
