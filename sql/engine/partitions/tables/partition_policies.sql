-- Which tables have partitions made ahead of time, and how: one row for each partitioned table.
--
-- Written by migrations and by hand; the toolkit only reads it. A row whose table is gone is passed over.
create table if not exists public.partition_policies (
    parent regclass primary key,
    granularity text not null check (granularity in ('daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
    key_encoding text
        check (key_encoding in ('uuidv7', 'epoch_seconds', 'epoch_milliseconds', 'epoch_microseconds', 'epoch_nanoseconds')),
    ahead integer not null default 3 check (ahead between 0 and 10000),
    retain interval check (retain > interval '0'),
    retain_mode text not null default 'detach' check (retain_mode in ('detach', 'drop')),
    grace interval not null default interval '7 days' check (grace >= interval '0'),
    catch_all text not null default 'none' check (catch_all in ('none', 'tail', 'default')),
    storage_parameters text[],
    inherit_privileges boolean not null default false,
    row_security text not null default 'enable' check (row_security in ('enable', 'inherit', 'none'))
);

comment on table public.partition_policies is
    'Which tables have partitions made ahead of time, and how: one row for each partitioned table.';
comment on column public.partition_policies.granularity is 'How long a partition is; in UTC, weeks begin on Monday.';
comment on column public.partition_policies.key_encoding is
    'How a key of type uuid or bigint holds a time; null for date, timestamp and timestamptz.';
comment on column public.partition_policies.ahead is 'How many partitions there are to be after the present one.';
comment on column public.partition_policies.retain is
    'How long a partition is kept after its upper bound; null: for ever.';
comment on column public.partition_policies.retain_mode is
    'What happens to a partition after that: it is detached, or detached and, after the grace period, may be dropped.';
comment on column public.partition_policies.grace is 'How long a detached partition is kept before it may be dropped.';
comment on column public.partition_policies.catch_all is
    'Where rows without a partition go: nowhere (an error), into a partition up to MAXVALUE, or into the default partition.';
comment on column public.partition_policies.storage_parameters is
    'Of new partitions, such as {fillfactor=90}; null: those of the newest partition.';
comment on column public.partition_policies.inherit_privileges is
    'Whether a new partition gets the privileges of its parent, which nobody needs who reads through the parent.';
comment on column public.partition_policies.row_security is
    'What a new partition gets where its parent has row-level security, which does not protect one that is read by its own name: row-level security without policies, so that only its owner reads it so; all of its parent''s; or nothing.';
