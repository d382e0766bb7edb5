-- Returns the locks that creating a partition of a table takes on other tables, by statement, as measured on 15 to 18.
--
-- Those of ATTACH on the tables of foreign keys make an open transaction that writes to one of them stop the statement,
-- and the statement stop all that want to write to it after that: hence the short lock_timeout.
create or replace function public.partition_locks(parent regclass)
returns table (statement text, relation regclass, mode text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with catch_all as (
        select c.*, c.kind = 'tail' and not public.can_be_replaced(c.partition) as is_detached
        from public.catch_all_of(partition_locks.parent) c
    )
    select 'CREATE TABLE ... (LIKE ...)', partition_locks.parent, 'AccessShareLock'
    union all
    -- A tail has to go before it is there again behind the new partition.
    select case when c.is_detached then 'DETACH PARTITION' else 'DROP TABLE' end, r.relation, 'AccessExclusiveLock'
    from catch_all c
    cross join lateral (values (partition_locks.parent), (c.partition)) r (relation)
    where c.kind = 'tail'
    union all
    -- A part of each foreign key goes with it, and comes back.
    select distinct 'DETACH PARTITION', r.relation::regclass, 'AccessExclusiveLock'
    from catch_all c
    join pg_constraint f
        on f.contype = 'f' and f.conparentid = 0 and partition_locks.parent in (f.conrelid, f.confrelid)
    cross join lateral (values (f.conrelid), (f.confrelid)) r (relation)
    where c.is_detached and r.relation <> partition_locks.parent
    union all
    select 'ATTACH PARTITION', partition_locks.parent, 'ShareUpdateExclusiveLock'
    union all
    select 'ATTACH PARTITION', c.partition, 'AccessExclusiveLock'
    from catch_all c
    union all
    select distinct 'ATTACH PARTITION', f.confrelid::regclass, 'ShareRowExclusiveLock'
    from pg_constraint f
    where f.contype = 'f' and f.conrelid = partition_locks.parent and f.conparentid = 0
    union all
    select distinct 'ATTACH PARTITION', f.conrelid::regclass, 'ShareRowExclusiveLock'
    from pg_constraint f
    where f.contype = 'f' and f.confrelid = partition_locks.parent and f.conparentid = 0 and f.conrelid <> f.confrelid;
$function$;

comment on function public.partition_locks(regclass) is
    'Returns the locks that creating a partition of a table takes on other tables, by statement, as measured on 15 to 18.';
