-- Decides how a materialized view is refreshed, locks out other refreshes by the toolkit, and builds the copy for a swap.
--
-- finish_refresh() takes what this returns. Without `mode` in it there is nothing to do, and `reason` says why.
--
-- The lock is an advisory one and lasts until the transaction ends.
create or replace function public.prepare_refresh(view regclass, given text, search_path text)
returns public.matview_refreshes
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    result public.matview_refreshes;
begin
    perform public.require_read_committed();
    -- A transaction keeps the counts that it has once read.
    perform pg_stat_clear_snapshot();
    select n.nspname, c.relname into result.schema_name, result.view_name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = view and c.relkind = 'm';
    if not found then
        raise exception '% is no materialized view.', view using errcode = 'DF051';
    end if;
    result.started_at := clock_timestamp();
    select d.mode, d.reason into result.mode, result.reason from public.refresh_decision(view, given) d;
    if result.mode is not null then
        if not pg_try_advisory_xact_lock(1836479078, view::oid::integer) then
            result.mode := null;
            result.reason := 'being_refreshed';
        elsif not exists (select from pg_class c where c.oid = view) then
            -- A swap by another session ended since.
            result.mode := null;
            result.reason := 'being_refreshed';
        end if;
    end if;
    if result.mode is null then
        if result.reason = 'unchanged' then
            perform public.record_unchanged(view);
        end if;
        return result;
    end if;
    select b.changes into result.base_changes
    from public.base_changes(view) b
    where b.state in ('unchanged', 'changed');
    perform public.save_base_states(view);
    result.wal_bytes := pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0');
    result.started_at := clock_timestamp();
    if result.mode = 'swap' then
        perform public.copy_materialized_view(view, prepare_refresh.search_path);
    end if;
    return result;
end
$function$;

revoke execute on function public.prepare_refresh(regclass, text, text) from public;

comment on function public.prepare_refresh(regclass, text, text) is
    'Decides how a materialized view is refreshed, locks out other refreshes by the toolkit, and builds the copy for a swap.';
