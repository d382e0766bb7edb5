-- The sessions that the holder of the migration lock waits for, and how many sessions wait for it in their turn.
--
-- A prepared transaction has no process: its number is 0, and all else is null.
select
    blocker.pid as process_id,
    a.usename as "user",
    a.application_name,
    extract(epoch from clock_timestamp() - a.xact_start)::float8 * 1000 as transaction_age,
    a.state,
    left(a.query, 200) as query,
    (
        -- Of another role's session, pg_stat_activity does not show that it waits.
        select count(distinct waiting.pid)::integer
        from pg_locks waiting
        where not waiting.granted and holder.pid = any (pg_blocking_pids(waiting.pid))
    ) as queued
from pg_locks holder
cross join hashtextextended('doramaflix-db migrations', 0) key
cross join lateral (select distinct unnest(pg_blocking_pids(holder.pid))) blocker (pid)
left join pg_stat_activity a on a.pid = blocker.pid
where holder.locktype = 'advisory'
    and holder.granted
    and holder.database = (select oid from pg_database where datname = current_database())
    and holder.objsubid = 1
    and holder.classid::bigint = (key >> 32) & 4294967295
    and holder.objid::bigint = key & 4294967295
order by a.xact_start;
