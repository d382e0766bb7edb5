-- The materialized views, not concurrently: nobody can read them before the transaction ends.
SELECT refresh_all_analytics_views(plain => true);
