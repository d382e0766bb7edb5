-- Writes a refresh that has just ended into matview_refreshes and returns the row; deletes rows of more than a year ago.
--
-- `result` holds what is known of it; its `wal_bytes` is the WAL position at its begin. Also has the statistics of this
-- session written at the end of the transaction, so that views above see what has changed in this one.
create or replace function public.record_refresh(view regclass, result public.matview_refreshes)
returns public.matview_refreshes
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pg_stat_force_next_flush();
    -- Those that another session is deleting need not be waited for.
    delete from public.matview_refreshes r
    where r.refresh_id in (
        select h.refresh_id
        from public.matview_refreshes h
        where h.started_at < now() - interval '1 year'
        for update skip locked
    );
    insert into public.matview_refreshes (
        schema_name, view_name, started_at, duration, mode, reason, row_count, changed_rows, base_changes, total_bytes,
        wal_bytes, storage
    )
    select
        result.schema_name, result.view_name, result.started_at, clock_timestamp() - result.started_at,
        result.mode, result.reason, nullif(c.reltuples, -1), result.changed_rows, result.base_changes,
        pg_total_relation_size(c.oid),
        pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') - result.wal_bytes,
        pg_relation_filenode(c.oid)
    from pg_class c
    where c.oid = view
    returning * into result;
    return result;
end
$function$;

revoke execute on function public.record_refresh(regclass, public.matview_refreshes) from public;

comment on function public.record_refresh(regclass, public.matview_refreshes) is
    'Writes a refresh that has just ended into matview_refreshes and returns the row; deletes rows of more than a year ago.';
