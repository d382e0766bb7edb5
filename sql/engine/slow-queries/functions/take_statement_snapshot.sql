-- Takes a snapshot of pg_stat_statements, deletes those that are older than they are to be kept, and says what it stored.
--
-- The statistics are read and never reset. A second call at the same time waits for the first, and takes its own;
-- nothing that reads snapshots waits. Statements that the caller may not see are stored as sums. Who does not say how long
-- snapshots are kept takes that over from the snapshot before, so that one taken by hand deletes nothing that the others
-- keep; the first ones are kept for 30 days.
create or replace function public.take_statement_snapshot(keep interval default null)
returns table (
    snapshot_id bigint, taken_at timestamptz, statements integer, changed integer, new_texts integer, deleted integer
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    extension record;
    taken public.statement_snapshots;
begin
    if keep <= interval '0' then
        raise exception 'Snapshots cannot be kept for %.', keep
            using errcode = 'DF061', hint = 'Say how long: take_statement_snapshot(''30 days'').';
    end if;
    select * into extension from public.statement_extension();
    if not found then
        raise exception 'The extension pg_stat_statements is not created in database "%".', current_database()
            using errcode = 'DF060', hint = 'CREATE EXTENSION pg_stat_statements;';
    end if;
    lock table public.statement_snapshots in share row exclusive mode;
    keep := coalesce(
        keep, (select s.keep from public.statement_snapshots s order by s.snapshot_id desc limit 1), '30 days'
    );
    if extension.has_info then
        execute format('select i.stats_reset, i.dealloc from %I.pg_stat_statements_info() i', extension.schema_name)
            into taken.stats_reset, taken.dealloc;
    end if;
    insert into public.statement_snapshots (
        system_identifier, timeline, extension_version, stats_reset, dealloc, max_entries, keep
    )
    values (
        public.cluster_identifier(),
        ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer,
        extension.version, taken.stats_reset, taken.dealloc, current_setting('pg_stat_statements.max', true)::integer,
        keep
    )
    returning * into taken;
    snapshot_id := taken.snapshot_id;
    taken_at := taken.taken_at;
    changed := public.save_statement_figures(taken.snapshot_id);
    new_texts := public.save_statement_texts();
    deleted := public.delete_statement_snapshots(taken.taken_at - keep);
    statements := (
        select s.entries from public.statement_snapshots s where s.snapshot_id = taken.snapshot_id
    );
    return next;
end
$function$;

revoke execute on function public.take_statement_snapshot(interval) from public;

comment on function public.take_statement_snapshot(interval) is
    'Takes a snapshot of pg_stat_statements, deletes those that are older than they are to be kept, and says what it stored.';
