-- Returns what is to be done so that a table has no partition any more that is older than its policy keeps it.
--
-- A row for each partition that is concerned, the first three of which clean up after a run that was interrupted:
--   finalize  half detached, whoever began it: its rows cannot be seen
--   record    detached, which the ledger does not say yet
--   withdraw  in the ledger, but attached, and not due: the policy has changed, or somebody has attached it again
--   detach    due: it ended longer ago than it is kept, is not the newest, and takes no rows of other periods
-- The method is how: "concurrently", which needs a table without a default partition, or "plain". Times are in UTC.
create or replace function public.plan_retirement(parent regclass, as_of timestamptz default now())
returns table (
    action text,
    retirement bigint,
    partition regclass,
    lower_bound timestamp,
    upper_bound timestamp,
    method text,
    reason text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with ledger as materialized (
        select r.id, r.relation, r.lower_bound, r.upper_bound, r.detached_at, i.inhrelid, i.inhdetachpending
        from public.retired_partitions r
        join pg_class c on c.oid = r.relation
        left join pg_inherits i on i.inhrelid = c.oid
        where to_regclass(r.parent) = plan_retirement.parent and r.dropped_at is null
    ), due as materialized (
        select d.partition, d.lower_bound, d.upper_bound, d.reason
        from public.partition_policies p
        cross join lateral public.plan_partitions(p.parent, p.granularity, p.ahead, p.retain, as_of) d
        where p.parent = plan_retirement.parent
            and d.state = 'expired'
            and d.upper_bound <= as_of at time zone 'UTC'
    )
    select
        'finalize',
        l.id,
        o.partition,
        o.lower_bound,
        o.upper_bound,
        null,
        case when l.id is null then 'half detached, not by this tool' else 'half detached by an interrupted run' end
    from public.partitions_of(parent) o
    left join ledger l on l.relation = o.partition
    where o.detach_pending
        and exists (select from pg_inherits i where i.inhparent = plan_retirement.parent and i.inhdetachpending)
    union all
    select 'record', l.id, l.relation::regclass, l.lower_bound, l.upper_bound, null, 'detached by an interrupted run'
    from ledger l
    where l.inhrelid is null and l.detached_at is null
    union all
    select
        'withdraw', l.id, l.relation::regclass, l.lower_bound, l.upper_bound, null, 'attached, and not due any more'
    from ledger l
    where not l.inhdetachpending and l.relation not in (select d.partition from due d)
    union all
    select
        'detach',
        l.id,
        d.partition,
        d.lower_bound,
        d.upper_bound,
        case t.partdefid when 0 then 'concurrently' else 'plain' end,
        d.reason
    from due d
    -- Not an inner join: a table that is not partitioned is to be refused, for which the rows of "due" must be asked for.
    left join pg_partitioned_table t on t.partrelid = plan_retirement.parent
    left join ledger l on l.relation = d.partition
    order by 4, 5;
$function$;

comment on function public.plan_retirement(regclass, timestamptz) is
    'Returns what is to be done so that a table has no partition any more that is older than its policy keeps it.';
