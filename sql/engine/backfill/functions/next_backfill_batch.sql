-- Locks the row of a backfill until the transaction ends, and returns the bounds of its next batch.
--
-- A second session waits here, and then goes on behind the first one's batch. Raises DF082 where there is no such
-- backfill.
create or replace function public.next_backfill_batch(name text, batch_size integer)
returns table (batch_from text, batch_to text, rows bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    backfill public.backfills;
begin
    select b.* into backfill from public.backfills b where b.name = next_backfill_batch.name for update;
    if backfill.name is null then
        raise exception 'There is no backfill "%".', next_backfill_batch.name
            using errcode = 'DF082', hint = 'begin_backfill() begins one.';
    end if;
    return query
    select n.batch_from, n.batch_to, n.rows
    from public.backfill_bounds(
        backfill.relation::regclass, backfill.key_column, backfill.done_to, backfill.last_key, batch_size
    ) n;
end
$function$;

revoke execute on function public.next_backfill_batch(text, integer) from public;

comment on function public.next_backfill_batch(text, integer) is
    'Locks the row of a backfill until the transaction ends, and returns the bounds of its next batch.';
