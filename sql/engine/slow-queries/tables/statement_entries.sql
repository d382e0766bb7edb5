-- The entries of pg_stat_statements that snapshots have figures of: who ran which statement.
create table if not exists public.statement_entries (
    entry_id bigint generated always as identity primary key,
    user_id oid not null,
    database_id oid not null,
    query_id bigint not null,
    is_top_level boolean not null,
    user_name text,
    database_name text,
    digest bytea,
    constraint statement_entries_key unique (query_id, user_id, database_id, is_top_level)
);

create index if not exists statement_entries_digest on public.statement_entries (digest);

comment on table public.statement_entries is
    'The entries of pg_stat_statements that snapshots have figures of: who ran which statement.';
comment on column public.statement_entries.is_top_level is
    'False where a function ran it; true before version 1.9 of the extension, which does not tell.';
comment on column public.statement_entries.user_name is
    'Name of the role when the entry was first seen, as is that of the database: it outlives both.';
comment on column public.statement_entries.digest is
    'That of its text in statement_texts; null where it had been evicted when it was asked for.';
