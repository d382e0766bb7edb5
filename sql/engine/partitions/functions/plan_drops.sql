-- Returns the detached partitions of the ledger that may be dropped now, may be later, or are kept, with the reason.
--
-- The action is "drop", "wait" while the grace period goes on, or "keep" for a table that somebody has given another
-- name. One whose policy is gone or says "detach" is in no row, and neither is one that is a partition again.
create or replace function public.plan_drops(as_of timestamptz default now())
returns table (
    action text,
    retirement bigint,
    parent text,
    relation regclass,
    lower_bound timestamp,
    upper_bound timestamp,
    reason text
)
language sql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
    select
        case when r.name <> c.oid::regclass::text then 'keep' when r.detached_at + p.grace > as_of then 'wait' else 'drop' end,
        r.id,
        r.parent,
        c.oid::regclass,
        r.lower_bound,
        r.upper_bound,
        case
            when r.name <> c.oid::regclass::text then format('was named %s when it was detached', r.name)
            when r.detached_at + p.grace > as_of then
                format('may be dropped from %s UTC on', to_char(r.detached_at + p.grace, 'YYYY-MM-DD HH24:MI'))
            else format('detached since %s UTC', to_char(r.detached_at, 'YYYY-MM-DD HH24:MI'))
        end
    from public.retired_partitions r
    join pg_class c on c.oid = r.relation
    join public.partition_policies p on p.parent = to_regclass(r.parent) and p.retain_mode = 'drop'
    where r.dropped_at is null
        and r.detached_at is not null
        and not exists (select from pg_inherits i where i.inhrelid = c.oid)
    order by r.parent, r.lower_bound;
$function$;

comment on function public.plan_drops(timestamptz) is
    'Returns the detached partitions of the ledger that may be dropped now, may be later, or are kept, with the reason.';
