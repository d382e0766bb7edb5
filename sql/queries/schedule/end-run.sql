-- Records how a run of this session has ended: one row.
--
-- $1: run_id, result, summary, error.
select public.end_job_run(g.run_id, g.result, g.summary, g.error)::text as ended
from jsonb_to_record($1::jsonb) g (run_id bigint, result text, summary text, error text);
