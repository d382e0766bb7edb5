-- Records that somebody was told about a run: one row.
--
-- $1: run_id.
select public.record_job_notification(g.run_id)::text as recorded
from jsonb_to_record($1::jsonb) g (run_id bigint);
