-- Standbys and subscribers that are behind and, on a standby, the standby itself: one row for each.
with behind as (
    select
        r.application_name as object,
        'reader' as kind,
        r.state,
        pg_wal_lsn_diff(
            case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, r.replay_lsn
        ) as bytes,
        extract(epoch from r.replay_lag) * 1000 as milliseconds
    from pg_stat_replication r
    -- A base backup reads too, and is never "streaming".
    where r.state <> 'backup'
    union all
    select
        'this standby',
        case
            when pg_is_wal_replay_paused() then 'paused'
            -- One that is fed from an archive alone never has a receiver. Not everybody may see primary_conninfo.
            when not exists (select from pg_stat_wal_receiver)
                and (
                    current_setting('restore_command') = ''
                    or coalesce((select s.setting from pg_settings s where s.name = 'primary_conninfo'), '?') <> ''
                )
                then 'disconnected'
            else 'standby'
        end,
        null,
        pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()),
        -- Without new transactions on the primary the last one is old, and nothing is lacking.
        -- One that is fed from an archive has received nothing, or less than it has replayed.
        case
            when pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()
                then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000
            when pg_last_wal_receive_lsn() is not null then 0
        end
    where pg_is_in_recovery()
)
select
    -- Who reads from a standby after writing notices half a minute; after ten minutes, losing the primary loses them.
    case when b.milliseconds >= 600000 or b.bytes >= 16 * 1024::numeric ^ 3 then 'error' else 'warning' end as level,
    b.object,
    to_jsonb(b) - 'object' as detail,
    case b.kind when 'paused' then 'select pg_wal_replay_resume();' end as cure
from behind b
where b.kind in ('paused', 'disconnected')
    or b.milliseconds >= 30000
    or b.bytes >= 1024::numeric ^ 3
order by b.bytes desc nulls last, b.object;
