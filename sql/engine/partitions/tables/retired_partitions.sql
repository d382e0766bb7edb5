-- The partitions that the toolkit has detached, or has begun to: one row each, which stays when the table is dropped.
--
-- Only what stands here is ever dropped. The row is written before the partition is detached, because DETACH
-- CONCURRENTLY cannot share a transaction with it: one without detached_at was begun and not seen to end.
create table if not exists public.retired_partitions (
    id bigint generated always as identity primary key,
    relation oid not null,
    name text not null,
    parent text not null,
    lower_bound timestamp not null,
    upper_bound timestamp not null,
    started_at timestamptz not null default clock_timestamp(),
    detached_at timestamptz,
    exported_to text,
    exported_rows bigint,
    exported_checksum text,
    dropped_at timestamptz
);

comment on table public.retired_partitions is
    'The partitions that the toolkit has detached, or has begun to: one row each, which stays when the table is dropped.';
comment on column public.retired_partitions.relation is 'Object identifier of the table; it follows a renaming.';
comment on column public.retired_partitions.name is 'Schema and name of the table when it was detached, quoted where needed.';
comment on column public.retired_partitions.parent is 'Schema and name of the partitioned table, quoted where needed.';
comment on column public.retired_partitions.lower_bound is 'In UTC.';
comment on column public.retired_partitions.upper_bound is 'In UTC, exclusive.';
comment on column public.retired_partitions.exported_to is 'Name of the file that holds the rows, as gzipped CSV.';
comment on column public.retired_partitions.exported_checksum is
    'Algorithm and digest of the CSV before it was compressed, as in schema_migrations.';
