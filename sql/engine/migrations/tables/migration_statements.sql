-- The journal of migrations that run outside a transaction: one row for each statement that was begun.
--
-- A version with rows here is half-way when the ledger does not hold it (direction "up"), or still does ("down"). The
-- next run goes on after the last statement that ended.
create table if not exists public.migration_statements (
    version varchar(255) not null,
    direction text not null check (direction in ('up', 'down')),
    place integer not null check (place > 0),
    statement text not null,
    checksum text not null,
    done_before boolean not null,
    started_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    primary key (version, direction, place)
);

comment on table public.migration_statements is
    'The journal of migrations that run outside a transaction: one row for each statement that was begun.';
comment on column public.migration_statements.place is 'Place of the statement in its part of the file, from 1.';
comment on column public.migration_statements.statement is 'The statement as the file has it.';
comment on column public.migration_statements.checksum is 'Algorithm and digest of the statement, as in schema_migrations.';
comment on column public.migration_statements.done_before is
    'Whether what the statement makes was there before it began, and is therefore no sign that it ended.';
comment on column public.migration_statements.ended_at is
    'When it had ended; null while it runs, and when it failed or nobody was left to see it end.';
