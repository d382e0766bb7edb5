-- The applied migrations in the order in which they were applied.
select
    version,
    description,
    applied_at,
    extract(epoch from duration)::float8 * 1000 as duration_ms,
    applied_by,
    checksum,
    rollback_sql
from public.schema_migrations
order by applied_order;
