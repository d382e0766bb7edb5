-- Who changed the schema, when and how; one row for each object that a statement created, changed or dropped.
--
-- By name, because an object that is replaced gets another number. What the tool does is in its ledger and not here.
-- Rows of more than a year ago are deleted when new ones are written.
create table if not exists public.ddl_events (
    id bigint generated always as identity primary key,
    occurred_at timestamptz not null default clock_timestamp(),
    command text not null,
    object_type text not null,
    object_identity text,
    session_user_name name not null default session_user,
    application_name text not null default current_setting('application_name'),
    client_address inet default inet_client_addr()
);

create index if not exists ddl_events_object on public.ddl_events (object_identity, id desc);
create index if not exists ddl_events_occurred_at on public.ddl_events (occurred_at);

comment on table public.ddl_events is
    'Who changed the schema, when and how; one row for each object that a statement created, changed or dropped.';
comment on column public.ddl_events.command is 'As the server calls the statement, such as ALTER TABLE.';
comment on column public.ddl_events.object_type is 'As the server calls it, such as table or table column.';
comment on column public.ddl_events.object_identity is
    'With its schema; null where the server does not tell it, as of GRANT.';
comment on column public.ddl_events.client_address is 'Address of the client; null over a Unix-domain socket.';
