-- When each job of the scheduler ran, for how long, and how it ended: one row for each run.
--
-- No two runs can be at the same time, and none is there twice for the moment at which it was due: both are constraints,
-- which hold whatever the programs believe. A job's rows of more than 90 days ago are deleted when it runs again.
create table if not exists public.job_runs (
    run_id bigint generated always as identity primary key,
    job text not null,
    due_at timestamptz not null,
    missed integer not null default 0 check (missed >= 0),
    started_at timestamptz not null,
    ended_at timestamptz,
    result text check (result in ('done', 'findings', 'failed', 'interrupted', 'lost')),
    summary text,
    error text,
    leader text,
    worker text not null,
    started_by name not null default session_user,
    unique (job, due_at),
    check ((ended_at is null) = (result is null)),
    constraint job_runs_one_at_a_time exclude using gist (tstzrange(started_at, ended_at) with &&)
);

alter table public.job_runs
    add column if not exists notification text check (notification in ('failed', 'findings', 'recovered')),
    add column if not exists notification_began_at timestamptz,
    add column if not exists notified_at timestamptz;

comment on table public.job_runs is
    'When each job of the scheduler ran, for how long, and how it ended: one row for each run.';
comment on column public.job_runs.due_at is 'The moment of the schedule that it ran for; of a run by hand, when it was asked for.';
comment on column public.job_runs.missed is
    'How many earlier moments it made good for, because nobody ran the job then; 100 stands for all that are more.';
comment on column public.job_runs.result is
    'Null while it goes on. Lost: its session ended before it did, and the next run found that out, at ended_at.';
comment on column public.job_runs.summary is 'What was done.';
comment on column public.job_runs.error is 'What failed, or what was found.';
comment on column public.job_runs.leader is
    'Identity of the session that held the lock of the leading scheduler; null for a run by hand.';
comment on column public.job_runs.worker is 'Identity of the session that did the work, the only one that may record how it ended.';
comment on column public.job_runs.notification is
    'What somebody was told about the job after this run; null for a run that nobody was to be told of.';
comment on column public.job_runs.notification_began_at is 'When a process began to tell it, the last time.';
comment on column public.job_runs.notified_at is 'When that had succeeded; null while it is going on, and where it has failed.';
