-- Replication slots that are lost, that nobody reads, or that keep much WAL: one row for each.
select
    case
        when s.wal_status in ('unreserved', 'lost') then 'error'
        -- The disk of most servers has room for some dozen of gigabytes; when it is full the server stops.
        when not s.active and w.retained >= 10 * 1024::numeric ^ 3 then 'error'
        else 'warning'
    end as level,
    s.slot_name::text as object,
    jsonb_build_object(
        'type', s.slot_type,
        'database', s.database,
        'active', s.active,
        'status', s.wal_status,
        'retained', w.retained,
        -- From 17 on.
        'inactive_since', to_jsonb(s) ->> 'inactive_since'
    ) as detail,
    case when not s.active then format('select pg_drop_replication_slot(%L);', s.slot_name) end as cure
from pg_replication_slots s
cross join lateral (
    select pg_wal_lsn_diff(
        case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, s.restart_lsn
    ) as retained
) w
where not s.temporary
    and (
        not s.active
        or s.wal_status in ('unreserved', 'lost')
        -- Who reads it does not keep up.
        or w.retained >= 10 * 1024::numeric ^ 3
    )
order by w.retained desc nulls last, s.slot_name;
