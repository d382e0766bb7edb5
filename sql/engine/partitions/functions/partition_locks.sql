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
        select c.* from public.catch_all_of(partition_locks.parent) c
    )
    select 'CREATE TABLE ... (LIKE ...)', partition_locks.parent, 'AccessShareLock'
    union all
    -- The tail has to be detached to be moved on behind the new partition.
    select 'DETACH PARTITION', r.relation, 'AccessExclusiveLock'
    from catch_all c
    cross join lateral (values (partition_locks.parent), (c.partition)) r (relation)
    where c.kind = 'tail'
    union all
    -- Looks there for rows that refer to those of the tail, and takes a part of the foreign key away.
    select distinct 'DETACH PARTITION', f.conrelid::regclass, 'AccessExclusiveLock'
    from pg_constraint f
    where f.contype = 'f' and f.confrelid = partition_locks.parent and f.conparentid = 0 and f.conrelid <> f.confrelid
        and exists (select from catch_all c where c.kind = 'tail')
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
