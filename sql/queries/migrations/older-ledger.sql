-- The same as ledger.sql for a table that the engine has not adopted yet: columns that it lacks are null.
select
    m.row ->> 'version' as version,
    m.row ->> 'description' as description,
    (m.row ->> 'applied_at')::timestamptz as applied_at,
    null::float8 as duration_ms,
    m.row ->> 'applied_by' as applied_by,
    m.row ->> 'checksum' as checksum,
    m.row ->> 'rollback_sql' as rollback_sql,
    null::text as irreversible
from (select to_jsonb(t) from public.schema_migrations t) m (row)
order by applied_at, version;
