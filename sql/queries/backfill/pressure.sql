-- How much the server suffers: lag of those that replicate, sessions that wait for locks, dead rows of a table: one row.
--
-- Who may not read the statistics of others sees their lag as null, and they are counted as hidden.
--
-- While replay stands still, replay_lag grows with each answer of the standby, and it answers to what is written: so the
-- batches keep it true. In a pause nothing is written, and it keeps its last value, which is the one that began the pause,
-- until the standby answers by itself, every wal_receiver_status_interval.
select
    coalesce(r.lag, 0)::float8 as lag,
    r.hidden,
    (
        select count(distinct l.pid)::integer
        from pg_locks l
        join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
        where not l.granted
    ) as waiting,
    coalesce(t.dead, 0)::float8 as dead_rows,
    coalesce(t.live, 0)::float8 as live_rows
from (
    select
        max(extract(epoch from s.replay_lag)) * 1000 as lag,
        count(*) filter (where s.state is null)::integer as hidden
    from pg_stat_replication s
    where s.state is distinct from 'backup'
) r
cross join (
    select sum(u.n_dead_tup) as dead, sum(u.n_live_tup) as live
    from (select ($1::jsonb ->> 'relation')::regclass as root) i
    join pg_stat_user_tables u on u.relid = i.root
        or u.relid in (select p.relid from pg_partition_tree(i.root) p)
) t;
