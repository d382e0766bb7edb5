-- How old the contents of a materialized view may be: one row for each view that has a limit.
--
-- By name and not by identifier, because a materialized view is replaced by dropping it: a policy may be there before
-- its view, and outlives it. A row whose view is gone is passed over.
create table if not exists public.matview_policies (
    schema_name name not null default 'public',
    view_name name not null,
    every interval not null check (every > interval '0'),
    prefer text not null default 'speed' check (prefer in ('speed', 'wal')),
    primary key (schema_name, view_name)
);

comment on table public.matview_policies is
    'How old the contents of a materialized view may be: one row for each view that has a limit.';
comment on column public.matview_policies.every is
    'The view is stale when its last refresh, or the last time it was found unchanged, is longer ago.';
comment on column public.matview_policies.prefer is
    'What matters when both ways are open: speed, or little WAL (for replicas and archives), which means REFRESH CONCURRENTLY unless most rows change.';
