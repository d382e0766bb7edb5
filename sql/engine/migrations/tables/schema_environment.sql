-- Which environment this database is, and the cluster on which that was said of it: one row, or none.
--
-- A dump takes the row along, so the cluster tells the database from its copy elsewhere. A copy of the files of a
-- cluster has the same identifier.
create table if not exists public.schema_environment (
    name text not null,
    system_identifier bigint,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by name not null default session_user
);

create unique index if not exists schema_environment_one_row on public.schema_environment ((true));

comment on table public.schema_environment is
    'Which environment this database is, and the cluster on which that was said of it: one row, or none.';
comment on column public.schema_environment.name is 'What users call it, such as "production".';
comment on column public.schema_environment.system_identifier is
    'That of pg_control_system() at that time; null where it could not be called.';
