-- In what state the tables below a materialized view were when its last refresh began; by which "nothing has changed" is known.
--
-- By identifier: when a view or a table is dropped and made anew, its state is unknown, which is right.
create table if not exists public.matview_base_states (
    view_oid oid not null,
    base_oid oid not null,
    change_count bigint not null,
    storage text not null,
    statistics_epoch text not null,
    primary key (view_oid, base_oid)
);

comment on table public.matview_base_states is
    'In what state the tables below a materialized view were when its last refresh began; by which "nothing has changed" is known.';
comment on column public.matview_base_states.change_count is
    'Rows that had been inserted, updated and deleted by then in the table and its partitions, as the statistics count.';
comment on column public.matview_base_states.storage is
    'Digest of the file nodes of the table and its partitions: TRUNCATE, ATTACH and DETACH change it.';
comment on column public.matview_base_states.statistics_epoch is
    'When the statistics were last reset, by hand or by a crash, and by which server they are kept; counts of two epochs cannot be compared.';
