-- Replication slots that are lost, that nobody reads, or that keep much WAL: one row for each.
select
    case
        when s.wal_status in ('unreserved', 'lost') then 'error'
        -- The disk of most servers has room for some dozen of gigabytes; when it is full the server stops.
        when u.unread and w.retained >= 10 * 1024::numeric ^ 3 then 'error'
        else 'warning'
    end as level,
    s.slot_name::text as object,
    jsonb_build_object(
        'type', s.slot_type,
        'database', s.database,
        'active', s.active,
        'status', s.wal_status,
        'retained', w.retained,
        'inactive_since', w.inactive_since
    ) as detail,
    case when u.unread then format('select pg_drop_replication_slot(%L);', s.slot_name) end as cure
from pg_replication_slots s
cross join lateral (
    select pg_wal_lsn_diff(
        case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, s.restart_lsn
    ) as retained,
    -- From 17 on.
    (to_jsonb(s) ->> 'inactive_since')::timestamptz as inactive_since
) w
cross join lateral (
    -- Who has read it until a moment ago may be about to connect again.
    select not s.active and coalesce(w.inactive_since <= clock_timestamp() - interval '5 minutes', true) as unread
) u
where not s.temporary
    -- A standby's copy of a slot of the primary is read by nobody before a failover.
    and to_jsonb(s) ->> 'synced' is distinct from 'true'
    and (
        u.unread
        or s.wal_status in ('unreserved', 'lost')
        -- Who reads it does not keep up.
        or w.retained >= 10 * 1024::numeric ^ 3
    )
order by w.retained desc nulls last, s.slot_name;
