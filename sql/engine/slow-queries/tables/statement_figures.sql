-- What each entry of pg_stat_statements had counted, from one snapshot on until its figures changed or it was evicted.
--
-- A snapshot has those rows that hold for it: most entries of a server stand still most of the time, and get no new
-- row. Times are in milliseconds, sizes in blocks, and a figure that the extension's version does not count is null.
create table if not exists public.statement_figures (
    entry_id bigint not null references public.statement_entries,
    first_snapshot bigint not null,
    next_snapshot bigint,
    since timestamptz,
    max_time double precision,
    exec_squares double precision,
    calls bigint not null,
    exec_time double precision not null,
    rows bigint not null,
    plans bigint,
    plan_time double precision,
    shared_hit bigint,
    shared_read bigint,
    shared_dirtied bigint,
    shared_written bigint,
    local_read bigint,
    local_written bigint,
    temp_read bigint,
    temp_written bigint,
    read_time double precision,
    write_time double precision,
    wal_records bigint,
    wal_full_pages bigint,
    wal_bytes bigint,
    jit_time double precision,
    primary key (entry_id, first_snapshot)
);

create index if not exists statement_figures_current
    on public.statement_figures (entry_id) where next_snapshot is null;

create index if not exists statement_figures_snapshots
    on public.statement_figures using gist (int8range(first_snapshot, next_snapshot));

comment on table public.statement_figures is
    'What each entry of pg_stat_statements had counted, from one snapshot on until its figures changed or it was evicted.';
comment on column public.statement_figures.next_snapshot is
    'The first snapshot for which the row does not hold any more; null while it does.';
comment on column public.statement_figures.since is 'When the entry was made; null before version 1.11 of the extension.';
comment on column public.statement_figures.exec_squares is
    'The sum of the squares of all execution times, which a standard deviation between two snapshots is made of.';
