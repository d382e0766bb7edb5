-- The data changes that run in batches, done or half-way: one row each, which every batch updates in its own transaction.
create table if not exists public.backfills (
    name text primary key,
    checksum text not null,
    relation text not null,
    key_column text not null,
    last_key text,
    done_to text,
    estimated_rows float8 not null,
    batches bigint not null default 0,
    rows_walked bigint not null default 0,
    rows_changed bigint not null default 0,
    worked interval not null default '0',
    started_at timestamptz not null default clock_timestamp(),
    worked_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz
);

comment on table public.backfills is
    'The data changes that run in batches, done or half-way: one row each, which every batch updates in its own transaction.';
comment on column public.backfills.name is 'Name of the file without .sql.';
comment on column public.backfills.checksum is 'Checksum of the statement with the values of its variables, as in schema_migrations.';
comment on column public.backfills.relation is
    'Schema and name of the table that is walked through, quoted where needed; a name, so that it outlives dump and restore.';
comment on column public.backfills.last_key is
    'The greatest key when it began, where it ends; null where the table was empty.';
comment on column public.backfills.done_to is 'The greatest key of the last batch; null before the first.';
comment on column public.backfills.estimated_rows is 'As the planner estimated them at the beginning.';
comment on column public.backfills.rows_walked is 'How many rows had their key in a batch.';
comment on column public.backfills.rows_changed is 'How many rows the statement says to have changed.';
comment on column public.backfills.worked is 'How long the batches took, without the pauses between them.';
