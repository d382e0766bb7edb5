-- Tries to take the lock of the run that retires partitions, and says who has it if it is not to be had: one row.
select
    k.locked,
    h.pid as process_id,
    a.usename::text as "user",
    a.application_name,
    a.query_start as since
from hashtext('doramaflix-db retire') key
cross join lateral (select pg_try_advisory_lock(key, 0) as locked) k
left join pg_locks h on not k.locked
    and h.locktype = 'advisory'
    and h.granted
    and h.database = (select oid from pg_database where datname = current_database())
    and h.classid = (key::bigint & 4294967295)::oid
    and h.objid = 0
    and h.objsubid = 2
left join pg_stat_activity a on a.pid = h.pid
limit 1;
