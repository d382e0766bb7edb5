-- The backfills of this database, the newest first.
select
    current_database() as database,
    b.name,
    b.relation,
    b.key_column,
    b.last_key,
    b.done_to,
    b.estimated_rows,
    b.batches::float8 as batches,
    b.rows_walked::float8 as rows_walked,
    b.rows_changed::float8 as rows_changed,
    extract(epoch from b.worked)::float8 * 1000 as worked,
    b.started_at,
    b.worked_at,
    b.finished_at,
    exists (
        select
        from pg_locks l
        where l.locktype = 'advisory'
            and l.granted
            and l.objsubid = 2
            and l.database = (select oid from pg_database where datname = current_database())
            and l.classid = (hashtext('doramaflix-db backfill')::bigint & 4294967295)::oid
            and l.objid = (hashtext(b.name)::bigint & 4294967295)::oid
    ) as running
from public.backfills b
order by b.started_at desc, b.name;
