-- Takes a snapshot of pg_stat_statements and deletes those that are older than they are to be kept: one row.
--
-- $1: keep, an interval.
select s.snapshot_id::double precision as snapshot_id, s.statements, s.changed
from public.take_statement_snapshot(($1::jsonb ->> 'keep')::interval) s;
