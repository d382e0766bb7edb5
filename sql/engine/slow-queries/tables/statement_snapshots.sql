-- The snapshots of pg_stat_statements: one row each, with what is known of the server and its statistics at that moment.
--
-- The statistics are those of the whole server, whatever database keeps their snapshots.
create table if not exists public.statement_snapshots (
    snapshot_id bigint generated always as identity primary key,
    taken_at timestamptz not null default clock_timestamp(),
    taken_by name not null default session_user,
    system_identifier bigint,
    timeline integer not null,
    server_started_at timestamptz not null default pg_postmaster_start_time(),
    server_version integer not null default current_setting('server_version_num')::integer,
    address text not null default coalesce(host(inet_server_addr()), ''),
    port integer not null default coalesce(inet_server_port(), 0),
    extension_version text not null,
    stats_reset timestamptz,
    dealloc bigint,
    entries integer not null default 0,
    max_entries integer,
    hidden jsonb not null default '[]',
    keep interval
);

-- Of an engine before this column.
alter table public.statement_snapshots add column if not exists keep interval;

create index if not exists statement_snapshots_taken_at on public.statement_snapshots (taken_at);

comment on table public.statement_snapshots is
    'The snapshots of pg_stat_statements: one row each, with what is known of the server and its statistics at that moment.';
comment on column public.statement_snapshots.system_identifier is 'That of the cluster; null where it may not be read.';
comment on column public.statement_snapshots.timeline is
    'That of the write-ahead log: another one after a failover, to a server that has counted by itself.';
comment on column public.statement_snapshots.address is 'As the session had it; empty for a Unix socket.';
comment on column public.statement_snapshots.stats_reset is 'Null before version 1.9 of the extension, as is dealloc.';
comment on column public.statement_snapshots.entries is 'How many statements the server had figures of, hidden ones included.';
comment on column public.statement_snapshots.hidden is
    'The sums of the statements that the one who took it may not see, for each role and database.';
comment on column public.statement_snapshots.keep is
    'How long snapshots were to be kept when it was taken; one that is not told takes it over.';
