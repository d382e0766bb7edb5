-- Triggers that are disabled; of those that enforce foreign keys one row for each table.
with disabled as (
    select t.*, coalesce(k.contype, '') = 'f' as is_foreign_key
    from pg_trigger t
    left join pg_constraint k on k.oid = t.tgconstraint
    where t.tgenabled = 'D'
        -- Enabling the trigger of the parent enables it in its partitions.
        and not exists (select from pg_trigger p where p.oid = t.tgparentid and p.tgenabled = 'D')
)
select
    'warning' as level,
    format('%s.%I', d.tgrelid::regclass, d.tgname) as object,
    jsonb_build_object('table', d.tgrelid::regclass::text, 'foreign_keys', 0) as detail,
    format('alter table %s enable trigger %I;', d.tgrelid::regclass, d.tgname) as cure
from disabled d
where not d.tgisinternal
union all
select
    'error',
    r.root::text,
    jsonb_build_object('table', r.root::text, 'foreign_keys', count(distinct d.tgconstraint)),
    -- Not "all": some other trigger may be disabled on purpose.
    string_agg(format('alter table %s enable trigger %I;', d.tgrelid::regclass, d.tgname), E'\n' order by d.oid)
from disabled d
cross join lateral (select coalesce(pg_partition_root(d.tgrelid), d.tgrelid)::regclass as root) r
where d.tgisinternal and d.is_foreign_key
group by r.root
order by 1, 2;
