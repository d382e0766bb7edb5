-- Who holds the migration lock of this database; no row when it is free.
--
-- Without pg_read_all_stats, address and time of another role's session are null.
select
    a.pid,
    a.usename as "user",
    host(a.client_addr) as client_address,
    a.application_name,
    a.backend_start as connected_since
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
cross join hashtextextended('doramaflix-db migrations', 0) key
where l.locktype = 'advisory'
    and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
    and l.objsubid = 1
    and l.classid::bigint = (key >> 32) & 4294967295
    and l.objid::bigint = key & 4294967295;
