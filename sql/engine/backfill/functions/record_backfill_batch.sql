-- Records a batch in the row of its backfill, and says whether it was the last and how many sessions wait for its locks.
--
-- Called before the commit: whoever ran into a row of the batch, at any time since it began, is still waiting for it.
create or replace function public.record_backfill_batch(
    name text, batch_to text, walked bigint, changed bigint, batch_size integer
)
returns table (finished boolean, waiting integer)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    update public.backfills b
    set done_to = coalesce(record_backfill_batch.batch_to, b.done_to),
        batches = b.batches + (walked > 0)::integer,
        rows_walked = b.rows_walked + walked,
        rows_changed = b.rows_changed + changed,
        worked = b.worked + (clock_timestamp() - statement_timestamp()),
        worked_at = clock_timestamp(),
        -- Fewer than were asked for: none are left.
        finished_at = coalesce(b.finished_at, case when walked < batch_size then clock_timestamp() end)
    where b.name = record_backfill_batch.name
    returning b.finished_at is not null into finished;
    select count(distinct l.pid) into waiting
    from pg_locks l
    where not l.granted and pg_backend_pid() = any (pg_blocking_pids(l.pid));
    return next;
end
$function$;

revoke execute on function public.record_backfill_batch(text, text, bigint, bigint, integer) from public;

comment on function public.record_backfill_batch(text, text, bigint, bigint, integer) is
    'Records a batch in the row of its backfill, and says whether it was the last and how many sessions wait for its locks.';
