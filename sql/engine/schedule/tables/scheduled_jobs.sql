-- The jobs of the scheduler that leads, as its configuration has them: one row for each.
--
-- Written by the scheduler when it takes the lead. It is the database that knows since when a job is to run, so that a
-- run that was missed while no scheduler lived is known as one.
create table if not exists public.scheduled_jobs (
    job text primary key,
    schedule text not null,
    time_zone text not null,
    since timestamptz not null default clock_timestamp()
);

comment on table public.scheduled_jobs is
    'The jobs of the scheduler that leads, as its configuration has them: one row for each.';
comment on column public.scheduled_jobs.schedule is 'A cron expression.';
comment on column public.scheduled_jobs.since is
    'When this schedule was first seen: what would have been due before was not missed.';
