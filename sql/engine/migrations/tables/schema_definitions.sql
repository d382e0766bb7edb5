-- The files of functions/ and views/ as they were last applied, with the objects that each created.
--
-- The text is kept so that a rollback called from any client can drop the objects that stand in its way
-- and create them again.
create table if not exists public.schema_definitions (
    path text primary key,
    kind text not null check (kind in ('function', 'view')),
    checksum text not null,
    definition text not null,
    objects text[] not null,
    refers_to text[] not null,
    search_path text not null,
    applied_at timestamptz not null default clock_timestamp(),
    dropped_at timestamptz
);

comment on table public.schema_definitions is
    'The files of functions/ and views/ as they were last applied, with the objects that each created.';
comment on column public.schema_definitions.path is 'Path of the file in the project, such as "views/mv_popular_content.sql".';
comment on column public.schema_definitions.checksum is 'Algorithm and digest of the file, as in schema_migrations.';
comment on column public.schema_definitions.definition is 'The text of the file.';
comment on column public.schema_definitions.objects is
    'What the file created, qualified: functions and procedures with their argument types, or one view.';
comment on column public.schema_definitions.refers_to is
    'The relations and types that its text names, qualified; PostgreSQL records none for a function whose body is a string.';
comment on column public.schema_definitions.search_path is 'The search_path under which the file was run.';
comment on column public.schema_definitions.dropped_at is
    'When a migration or a rollback had to drop the objects and could not create them again; null while they exist.';
