-- Prepared transactions of this database that nobody has ended: one row for each.
select
    -- A transaction manager ends them within seconds, and after a restart of its own within minutes.
    case when age.of_it >= interval '1 hour' then 'error' else 'warning' end as level,
    x.gid as object,
    jsonb_build_object('owner', x.owner, 'age', extract(epoch from age.of_it) * 1000) as detail,
    format('rollback prepared %L;', x.gid) as cure
from pg_prepared_xacts x
cross join lateral (select clock_timestamp() - x.prepared as of_it) age
where x.database = current_database() and age.of_it >= interval '5 minutes'
order by x.prepared;
