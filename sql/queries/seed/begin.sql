-- Takes the lock of the seeds of this database until the transaction ends, if it is free, and says who holds it
-- otherwise: one row.
--
-- Switches off, for this transaction, time limits that the role or the database sets for ordinary work, and row-level
-- security: a policy that hides rows from whoever fills tables is an error then.
select
    current_database() as database,
    pg_try_advisory_xact_lock(seeds.key) as locked,
    (
        select count(set_config(name, case name when 'row_security' then 'off' else '0' end, true))::integer
        from pg_settings
        where name in (
            'row_security', 'statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout'
        )
    ) as settings_made,
    holder.pid,
    holder.usename as "user",
    host(holder.client_addr) as client_address,
    holder.application_name,
    holder.backend_start as connected_since
from (select hashtextextended('doramaflix-db seeds', 0) as key) seeds
left join pg_locks l on l.locktype = 'advisory'
    and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
    and l.objsubid = 1
    and l.classid::bigint = (seeds.key >> 32) & 4294967295
    and l.objid::bigint = seeds.key & 4294967295
left join pg_stat_activity holder on holder.pid = l.pid;
