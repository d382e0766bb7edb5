-- The materialized views, in place: nobody can read them before the transaction ends.
SELECT refresh_all_analytics_views('plain');
