-- A new snapshot and what it stored: one row.
--
-- $1 has how many milliseconds snapshots are kept as "keep"; those that are older are deleted. Null: as the one before.
select
    t.snapshot_id::float8 as snapshot_id,
    t.taken_at,
    t.statements,
    t.changed,
    t.new_texts,
    t.deleted
from public.take_statement_snapshot(($1::jsonb ->> 'keep')::float8 * interval '1 millisecond') t;
