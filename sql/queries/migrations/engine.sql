-- The version of the engine that is installed: one row.
select hash from public.schema_engine;
