-- Gathers the statistics of a partitioned table itself, which autovacuum never does.
--
-- From PostgreSQL 18 on its partitions are left to autovacuum; before, ANALYZE goes through these as well. Takes SHARE
-- UPDATE EXCLUSIVE, which readers and writers do not notice.
create or replace function public.analyze_partitioned_table(parent regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    execute format(
        'analyze %s %s',
        case when current_setting('server_version_num')::integer >= 180000 then 'only' end,
        analyze_partitioned_table.parent
    );
end
$function$;

revoke execute on function public.analyze_partitioned_table(regclass) from public;

comment on function public.analyze_partitioned_table(regclass) is
    'Gathers the statistics of a partitioned table itself, which autovacuum never does.';
