-- Makes the database know the jobs of the scheduler that leads, and says what each waits for: one row for each.
--
-- $1: the jobs, each with job, schedule and time_zone.
select r.job, r.after, r.again from public.register_jobs($1::jsonb) r;
