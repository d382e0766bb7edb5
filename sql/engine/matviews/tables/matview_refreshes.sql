-- What refreshed each materialized view, when, how, and what it cost; one row for each refresh.
--
-- By name, because a view that is replaced gets another identifier and keeps its history. Rows of more than a year ago
-- are deleted when new ones are written.
create table if not exists public.matview_refreshes (
    refresh_id bigint generated always as identity primary key,
    schema_name name not null,
    view_name name not null,
    started_at timestamptz not null,
    duration interval,
    mode text check (mode in ('plain', 'concurrently', 'swap')),
    reason text,
    row_count bigint,
    changed_rows bigint,
    base_changes bigint,
    total_bytes bigint,
    wal_bytes bigint,
    error text,
    unchanged_at timestamptz,
    refreshed_by name not null default session_user,
    storage oid
);

create index if not exists matview_refreshes_view on public.matview_refreshes (schema_name, view_name, started_at desc);

-- A swap looks for the rows to be deleted while it locks readers out.
create index if not exists matview_refreshes_started_at on public.matview_refreshes (started_at);

comment on table public.matview_refreshes is
    'What refreshed each materialized view, when, how, and what it cost; one row for each refresh.';
comment on column public.matview_refreshes.started_at is
    'When its query began: what was committed before is in the view.';
comment on column public.matview_refreshes.mode is
    'plain, concurrently, or swap: a fresh copy was built beside the view and took its place; null when unknown, for a refresh that the event trigger saw.';
comment on column public.matview_refreshes.reason is 'Why this way; a code as refresh_decision() gives it.';
comment on column public.matview_refreshes.row_count is 'Rows of the view afterwards, as ANALYZE counted them.';
comment on column public.matview_refreshes.changed_rows is
    'Rows that REFRESH CONCURRENTLY inserted and deleted; null for the other ways, which replace all.';
comment on column public.matview_refreshes.base_changes is
    'Rows that had changed in the tables below since the refresh before; null when unknown.';
comment on column public.matview_refreshes.total_bytes is 'Size with indexes and TOAST afterwards.';
comment on column public.matview_refreshes.wal_bytes is
    'WAL that the server wrote meanwhile, that of other sessions included.';
comment on column public.matview_refreshes.error is 'Why it failed; null when it did not.';
comment on column public.matview_refreshes.unchanged_at is
    'When it was last found that nothing had changed since; the contents are as good as refreshed then.';
comment on column public.matview_refreshes.storage is
    'The file node of the view afterwards, by which a plain refresh differs from a concurrent one.';
