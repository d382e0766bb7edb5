-- Returns since when the statistics of this database count: a text that changes when they are reset or lost in a crash.
--
-- A crash resets what the server counts as a whole, pg_stat_reset() and its kin the database's own time. A server counts
-- what it writes itself: what another one wrote before a switchover back to this one shows in the timeline. The
-- identifier tells a copy of the database from it.
create or replace function public.statistics_epoch()
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select concat_ws(
        ' ',
        extract(epoch from pg_stat_get_bgwriter_stat_reset_time()),
        extract(epoch from pg_stat_get_db_stat_reset_time(oid)),
        case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end,
        oid
    )
    from pg_database
    where datname = current_database();
$function$;

comment on function public.statistics_epoch() is
    'Returns since when the statistics of this database count: a text that changes when they are reset or lost in a crash.';
