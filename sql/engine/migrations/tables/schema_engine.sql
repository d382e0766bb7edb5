-- The version of the doramaflix-db engine installed in this database: one row.
--
-- `hash` covers the engine's own files, so that a command knows with one comparison whether to upgrade.
-- `routines` lists what the engine created, so that an upgrade drops a function whose signature it no longer has.
create table if not exists public.schema_engine (
    hash text not null,
    routines text[] not null,
    tool_version text,
    installed_at timestamptz not null default clock_timestamp(),
    installed_by name not null default session_user
);

create unique index if not exists schema_engine_one_row on public.schema_engine ((true));

comment on table public.schema_engine is
    'The version of the doramaflix-db engine installed in this database: one row.';
comment on column public.schema_engine.hash is 'SHA-256 over the files of the engine, in hexadecimal.';
comment on column public.schema_engine.routines is 'The functions and procedures that belong to the engine.';
comment on column public.schema_engine.tool_version is 'Version of the tool that installed the engine.';
