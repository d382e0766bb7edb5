-- Gathers the statistics of a partitioned table itself, which autovacuum never does, and of its partitions.
--
-- Before PostgreSQL 18, ANALYZE goes through all partitions. From 18 on only those are analyzed that have changed, which
-- sets the counters back by which plan_analyze() tells a change. Takes SHARE UPDATE EXCLUSIVE, which readers and writers
-- do not notice.
create or replace function public.analyze_partitioned_table(parent regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    changed_tables text := analyze_partitioned_table.parent;
begin
    if current_setting('server_version_num')::integer >= 180000 then
        select concat_ws(
            ', ',
            format('only %s', analyze_partitioned_table.parent),
            string_agg(format('only %s', t.relid), ', ' order by t.level)
        )
        into changed_tables
        from pg_partition_tree(analyze_partitioned_table.parent) t
        where t.level > 0
            and (not t.isleaf or pg_stat_get_mod_since_analyze(t.relid) > 0);
    end if;
    execute 'analyze ' || changed_tables;
end
$function$;

revoke execute on function public.analyze_partitioned_table(regclass) from public;

comment on function public.analyze_partitioned_table(regclass) is
    'Gathers the statistics of a partitioned table itself, which autovacuum never does, and of its partitions.';
