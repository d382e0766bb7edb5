-- The applied migrations in the order in which they were applied.
--
-- An engine that has not been upgraded yet lacks some columns of the table. They come from `lacking` then: a name that
-- the innermost FROM does not know is looked up in the one around it.
select applied.*
from (select null::text as irreversible) lacking
cross join lateral (
    select
        version,
        description,
        applied_at,
        extract(epoch from duration)::float8 * 1000 as duration_ms,
        applied_by,
        checksum,
        rollback_sql,
        irreversible
    from public.schema_migrations
    order by applied_order
) applied;
