-- The engine of doramaflix-db in this database: one row, or an error where there is none.
select hash, tool_version, installed_at from public.schema_engine;
