-- Which environment this database is, and whether that was recorded on this cluster, null where that cannot be known:
-- one row, or none.
select
    name,
    system_identifier = public.cluster_identifier() as same_cluster,
    recorded_at,
    recorded_by
from public.schema_environment;
