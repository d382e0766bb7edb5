-- Gathers the statistics of a partitioned table: one row.
--
-- $1: parent.
select public.analyze_partitioned_table(to_regclass($1::jsonb ->> 'parent'))::text as analyzed;
