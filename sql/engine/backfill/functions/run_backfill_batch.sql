-- Runs the next batch of a backfill and records it, both in the transaction of the caller.
--
-- The statement reads the first and the last key of the batch, as texts, from its parameters $1 and $2. It runs under the
-- caller's search_path, so that this function has no path of its own: it qualifies every name and uses no operator.
-- Raises DF082 where there is no such backfill.
create or replace function public.run_backfill_batch(name text, statement text, batch_size integer)
returns table (batch_to text, walked bigint, changed bigint, waiting integer, finished boolean)
language plpgsql
volatile
as $function$
declare
    batch record;
begin
    select n.* into batch from public.next_backfill_batch(run_backfill_batch.name, batch_size) n;
    batch_to := batch.batch_to;
    walked := batch.rows;
    changed := 0;
    if batch.batch_from is not null then
        execute statement using batch.batch_from, batch.batch_to;
        get diagnostics changed = row_count;
    end if;
    select r.finished, r.waiting into finished, waiting
    from public.record_backfill_batch(run_backfill_batch.name, batch.batch_to, walked, changed, batch_size) r;
    return next;
end
$function$;

revoke execute on function public.run_backfill_batch(text, text, integer) from public;

comment on function public.run_backfill_batch(text, text, integer) is
    'Runs the next batch of a backfill and records it, both in the transaction of the caller.';
