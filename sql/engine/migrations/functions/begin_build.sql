-- Remembers in what state the database is before a materialized view is created, for end_build().
--
-- Which tables the view reads is not known yet: the statistics of all stay as they are now until the transaction ends,
-- and which tables have partitions and children is remembered as a digest.
create or replace function public.begin_build()
returns table (started_at timestamptz, wal_position pg_lsn, inheritance text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform set_config('stats_fetch_consistency', 'snapshot', true);
    perform pg_stat_clear_snapshot();
    perform pg_stat_get_tuples_inserted('pg_class'::regclass);
    return query
        select
            clock_timestamp(), pg_current_wal_insert_lsn(),
            md5(string_agg(format('%s %s', i.inhrelid, i.inhparent), ',' order by i.inhrelid, i.inhparent))
        from pg_inherits i;
end
$function$;

revoke execute on function public.begin_build() from public;

comment on function public.begin_build() is
    'Remembers in what state the database is before a materialized view is created, for end_build().';
