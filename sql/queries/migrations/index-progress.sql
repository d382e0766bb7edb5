-- How far the index is that the holder of the migration lock builds; no row when it builds none.
select
    p.phase,
    coalesce(index_class.relname, '')::text as index,
    case when p.blocks_total > 0 then p.blocks_done::float8 / p.blocks_total
        when p.tuples_total > 0 then p.tuples_done::float8 / p.tuples_total
    end as fraction,
    nullif(p.current_locker_pid, 0)::integer as waits_for
from pg_stat_progress_create_index p
join pg_locks holder on holder.pid = p.pid
cross join hashtextextended('doramaflix-db migrations', 0) key
left join pg_class index_class on index_class.oid = p.index_relid
where p.datname = current_database()
    and holder.locktype = 'advisory'
    and holder.granted
    and holder.objsubid = 1
    and holder.classid::bigint = (key >> 32) & 4294967295
    and holder.objid::bigint = key & 4294967295;
