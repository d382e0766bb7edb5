-- Sessions of this database that have a transaction open and have done nothing in it for long.
select
    -- No application thinks for five minutes between two statements; it has forgotten the transaction. Whoever waits
    -- for its locks has given up after an hour.
    case when idle.since >= interval '1 hour' then 'error' else 'warning' end as level,
    format('%s@%s', a.usename, a.application_name) as object,
    jsonb_build_object(
        'process_id', a.pid,
        'idle', extract(epoch from idle.since) * 1000,
        'transaction_age', extract(epoch from clock_timestamp() - a.xact_start) * 1000,
        'query', left(a.query, 200)
    ) as detail,
    format('select pg_terminate_backend(%s);', a.pid) as cure
from pg_stat_activity a
cross join lateral (select clock_timestamp() - a.state_change as since) idle
where a.datname = current_database()
    and a.state like 'idle in transaction%'
    and idle.since >= interval '5 minutes'
order by a.state_change;
