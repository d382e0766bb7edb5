-- The database, and what its journal has of a backfill: one row, with nulls where it has not begun.
select
    current_database() as database,
    pg_is_in_recovery() as standby,
    b.name,
    b.checksum,
    b.relation,
    b.key_column,
    b.last_key,
    b.done_to,
    b.estimated_rows,
    b.batches::float8 as batches,
    b.rows_walked::float8 as rows_walked,
    b.rows_changed::float8 as rows_changed,
    extract(epoch from b.worked)::float8 * 1000 as worked,
    b.started_at,
    b.worked_at,
    b.finished_at
from (select $1::jsonb as given) i
left join public.backfills b on b.name = i.given ->> 'name';
