-- Deletes the snapshots taken before a moment, with everything that only they have, and returns how many they were.
create or replace function public.delete_statement_snapshots(before timestamptz)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    deleted integer;
    oldest bigint;
begin
    delete from public.statement_snapshots s where s.taken_at < before;
    get diagnostics deleted = row_count;
    if deleted = 0 then
        return 0;
    end if;
    select min(s.snapshot_id) into oldest from public.statement_snapshots s;
    -- An upper bound that is missing belongs to a row that still holds.
    delete from public.statement_figures f
    where int8range(f.first_snapshot, f.next_snapshot) << int8range(oldest, null) or oldest is null;
    delete from public.statement_entries e
    where not exists (select from public.statement_figures f where f.entry_id = e.entry_id);
    delete from public.statement_texts t
    where not exists (select from public.statement_entries e where e.digest = t.digest);
    return deleted;
end
$function$;

revoke execute on function public.delete_statement_snapshots(timestamptz) from public;

comment on function public.delete_statement_snapshots(timestamptz) is
    'Deletes the snapshots taken before a moment, with everything that only they have, and returns how many they were.';
