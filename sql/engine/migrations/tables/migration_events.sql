-- Everything that ever happened to a migration in this database; rows are only added.
create table if not exists public.migration_events (
    id bigint generated always as identity primary key,
    version varchar(255) not null,
    event text not null check (event in ('applied', 'rolled back', 'failed', 'baselined', 'repaired')),
    occurred_at timestamptz not null default clock_timestamp(),
    checksum text,
    duration interval,
    error jsonb,
    session_user_name name not null default session_user,
    client_address inet default inet_client_addr(),
    tool_version text default current_setting('doramaflix_db.tool_version', true)
);

alter table public.migration_events add column if not exists previous jsonb;

comment on table public.migration_events is
    'Everything that ever happened to a migration in this database; rows are only added.';
comment on column public.migration_events.checksum is 'Checksum of the migration file at that time.';
comment on column public.migration_events.duration is 'How long the statements ran.';
comment on column public.migration_events.error is 'For a failure: SQLSTATE, message, detail, hint and context as the server gave them.';
comment on column public.migration_events.previous is 'For a repair: the row of the ledger as it was before.';
comment on column public.migration_events.client_address is 'Address of the client; null over a Unix-domain socket.';
comment on column public.migration_events.tool_version is 'Version of doramaflix-db; null for another client.';
