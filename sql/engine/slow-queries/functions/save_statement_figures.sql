-- Saves what the entries of pg_stat_statements have counted since the snapshot before, and returns how many have changed.
--
-- With a call or a plan an entry counts everything else, so one that has counted neither stands still. Where the
-- figures are others, the row that held until now is closed. Also says in statement_snapshots how many entries there
-- are, and how much of those that are hidden.
create or replace function public.save_statement_figures(snapshot bigint)
returns integer
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    with reading as materialized (
        select r.* from public.read_statements() r
    ), added as (
        insert into public.statement_entries (user_id, database_id, query_id, is_top_level, user_name, database_name)
        select r.user_id, r.database_id, r.query_id, r.is_top_level, u.rolname, d.datname
        from reading r
        left join pg_roles u on u.oid = r.user_id
        left join pg_database d on d.oid = r.database_id
        where r.query_id is not null and not exists (
            select from public.statement_entries e
            where (e.query_id, e.user_id, e.database_id) = (r.query_id, r.user_id, r.database_id)
                and e.is_top_level = r.is_top_level
        )
        returning entry_id, user_id, database_id, query_id, is_top_level
    ), present as materialized (
        select e.entry_id, r.*
        from reading r
        join (
            select a.* from added a
            union all
            select o.entry_id, o.user_id, o.database_id, o.query_id, o.is_top_level from public.statement_entries o
        ) e using (user_id, database_id, query_id, is_top_level)
    ), unchanged as materialized (
        select f.entry_id
        from public.statement_figures f
        join present p using (entry_id)
        where f.next_snapshot is null
            and (f.since, f.calls, f.plans, f.exec_time) is not distinct from (p.since, p.calls, p.plans, p.exec_time)
    ), closed as (
        update public.statement_figures f
        set next_snapshot = save_statement_figures.snapshot
        where f.next_snapshot is null and f.entry_id not in (select u.entry_id from unchanged u)
    ), counted as (
        update public.statement_snapshots s
        set entries = (select coalesce(sum(r.statements), 0) from reading r), hidden = (
            select coalesce(jsonb_agg(h), '[]')
            from (
                select r.user_id::bigint, r.database_id::bigint, sum(r.statements) as statements, sum(r.calls) as calls,
                    coalesce(sum(r.exec_time) filter (where r.is_top_level), 0) as exec_time
                from reading r
                where r.query_id is null group by r.user_id, r.database_id
            ) h
        )
        where s.snapshot_id = save_statement_figures.snapshot
    ), saved as (
        insert into public.statement_figures (
            entry_id, first_snapshot, since, max_time, exec_squares, calls, exec_time, rows, plans, plan_time,
            shared_hit, shared_read, shared_dirtied, shared_written, local_read, local_written, temp_read,
            temp_written, read_time, write_time, wal_records, wal_full_pages, wal_bytes, jit_time
        )
        select
            p.entry_id, save_statement_figures.snapshot, p.since, p.max_time, p.exec_squares, p.calls, p.exec_time,
            p.rows, p.plans, p.plan_time, p.shared_hit, p.shared_read, p.shared_dirtied, p.shared_written,
            p.local_read, p.local_written, p.temp_read, p.temp_written, p.read_time, p.write_time, p.wal_records,
            p.wal_full_pages, p.wal_bytes, p.jit_time
        from present p
        where p.entry_id not in (select u.entry_id from unchanged u)
        returning entry_id
    )
    select count(*)::integer from saved;
$function$;

revoke execute on function public.save_statement_figures(bigint) from public;

comment on function public.save_statement_figures(bigint) is
    'Saves what the entries of pg_stat_statements have counted since the snapshot before, and returns how many have changed.';
