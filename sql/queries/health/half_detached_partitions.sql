-- Partitions whose concurrent detaching was interrupted: one row for each.
select
    'error' as level,
    i.inhrelid::regclass::text as object,
    jsonb_build_object('parent', i.inhparent::regclass::text) as detail,
    format('alter table %s detach partition %s finalize;', i.inhparent::regclass, i.inhrelid::regclass) as cure
from pg_inherits i
where i.inhdetachpending
    -- It may well be at it, waiting for old transactions.
    and not exists (
        select from pg_stat_activity a
        where a.datname = current_database() and a.state = 'active' and a.query ilike '%detach partition%'
            and a.pid <> pg_backend_pid()
    )
order by 2;
