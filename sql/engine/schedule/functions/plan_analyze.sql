-- Lists the partitioned tables whose own statistics are missing or older than a change of their partitions.
--
-- Autovacuum never analyzes a partitioned table, only its partitions. That rows have changed is taken from the counters
-- of the partitions: rows written since a partition was analyzed, or autovacuum has analyzed it since. That somebody else
-- has does not count, because before PostgreSQL 18 the ANALYZE of the table itself does, after the table.
create or replace function public.plan_analyze()
returns table (parent regclass, analyzed_at timestamptz)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select p.oid::regclass, last.at
    from pg_class p
    cross join lateral (
        select greatest(pg_stat_get_last_analyze_time(p.oid), pg_stat_get_last_autoanalyze_time(p.oid)) as at
    ) last
    where p.relkind = 'p'
        and p.relpersistence <> 't'
        and exists (
            select
            from pg_partition_tree(p.oid) t
            where t.isleaf
                and (
                    pg_stat_get_mod_since_analyze(t.relid) > 0
                    or pg_stat_get_last_autoanalyze_time(t.relid) > coalesce(last.at, '-infinity')
                )
        )
    order by last.at nulls first, p.oid::regclass::text;
$function$;

comment on function public.plan_analyze() is
    'Lists the partitioned tables whose own statistics are missing or older than a change of their partitions.';
