-- Tries to take the lock of a backfill for the session, and says who has it if it is not to be had: one row.
select
    k.locked,
    h.pid as process_id,
    a.usename::text as "user",
    a.application_name,
    a.backend_start as since
from (select hashtext('doramaflix-db backfill') as class, hashtext($1::jsonb ->> 'name') as object) n
cross join lateral (select pg_try_advisory_lock(n.class, n.object) as locked) k
left join pg_locks h on not k.locked
    and h.locktype = 'advisory'
    and h.granted
    and h.database = (select oid from pg_database where datname = current_database())
    and h.classid = (n.class::bigint & 4294967295)::oid
    and h.objid = (n.object::bigint & 4294967295)::oid
    and h.objsubid = 2
left join pg_stat_activity a on a.pid = h.pid
limit 1;
