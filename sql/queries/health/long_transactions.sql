-- Transactions of this database that have been open for long, but for those that idle_in_transaction finds.
select
    -- After a quarter of an hour it is no request of an application any more; a dump or a report may well take that.
    -- VACUUM removes nothing newer than it, and after some hours every table with much change has grown.
    case when age.of_it >= interval '6 hours' then 'error' else 'warning' end as level,
    format('%s@%s', a.usename, a.application_name) as object,
    jsonb_build_object(
        'process_id', a.pid,
        'state', a.state,
        'transaction_age', extract(epoch from age.of_it) * 1000,
        'query', left(a.query, 200)
    ) as detail,
    format('select pg_terminate_backend(%s);', a.pid) as cure
from pg_stat_activity a
cross join lateral (select clock_timestamp() - a.xact_start as of_it) age
where a.datname = current_database()
    and a.backend_type = 'client backend'
    and a.pid <> pg_backend_pid()
    and age.of_it >= interval '15 minutes'
    and not (
        a.state like 'idle in transaction%'
        and clock_timestamp() - a.state_change >= interval '5 minutes'
    )
order by a.xact_start;
