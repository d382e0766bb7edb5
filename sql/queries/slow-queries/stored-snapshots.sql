-- How many snapshots are stored, since when, their size, and the one that is wanted, if it is there: one row.
--
-- $1 has its number as "id", or a time as "at": then it is the newest one that had been taken by then, and with
-- "orOldest" the oldest one where none had.
with wanted as materialized (
    select s.snapshot_id, s.hidden
    from public.statement_snapshots s
    where s.snapshot_id = ($1::jsonb ->> 'id')::bigint or s.taken_at <= ($1::jsonb ->> 'at')::timestamptz
    order by s.taken_at desc, s.snapshot_id desc
    limit 1
), oldest as materialized (
    select s.snapshot_id, s.hidden
    from public.statement_snapshots s
    where ($1::jsonb ->> 'orOldest')::boolean
    order by s.taken_at, s.snapshot_id
    limit 1
)
select
    a.stored,
    a.oldest,
    a.newest,
    w.snapshot_id::float8 as snapshot_id,
    (
        select coalesce(sum((h ->> 'statements')::integer), 0)::integer from jsonb_array_elements(w.hidden) h
    ) as hidden_statements,
    (
        select sum(pg_total_relation_size(format('public.%I', r.name)::regclass))::float8
        from unnest(array['statement_snapshots', 'statement_entries', 'statement_texts', 'statement_figures']) r (name)
    ) as bytes
from (
    select count(*)::integer as stored, min(s.taken_at) as oldest, max(s.taken_at) as newest
    from public.statement_snapshots s
) a
left join (
    select n.* from wanted n
    union all
    select o.* from oldest o where not exists (select from wanted)
) w on true;
