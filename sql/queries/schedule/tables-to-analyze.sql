-- The partitioned tables that are to be analyzed, in the order in which they have waited: one row for each.
select p.parent::text as parent from public.plan_analyze() p;
