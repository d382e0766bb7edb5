-- Findings: policies without a table, tables with partitions by time that have no policy, and tables that are prepared to
-- be converted and refuse rows from a moment on; one row each.
with unruled as materialized (
    select c.oid::regclass as parent
    from pg_partitioned_table t
    join pg_class c on c.oid = t.partrelid and not c.relispartition
    join pg_attribute a on a.attrelid = c.oid and a.attnum = t.partattrs[0] and a.attnum > 0
    where t.partstrat = 'r'
        and t.partnatts = 1
        and a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
        and not pg_is_other_temp_schema(c.relnamespace)
        and not exists (select from public.partition_policies p where p.parent = c.oid)
)
select
    'policy_without_table' as finding,
    'warning' as level,
    p.parent::text as parent,
    p.parent::text as relation,
    jsonb_build_object(
        'statements', jsonb_build_array(
            format('delete from public.partition_policies where parent = %s::regclass', p.parent::oid)
        )
    ) as detail
from public.partition_policies p
where not exists (select from pg_class c where c.oid = p.parent)
union all
select
    'no_policy',
    'note',
    u.parent::text,
    u.parent::text,
    jsonb_build_object(
        'statements', jsonb_build_array(
            format(
                'insert into public.partition_policies (parent, granularity) values (%L, %L)',
                u.parent,
                -- That of the newest partition, months being longer than four weeks.
                case
                    when newest.length <= interval '1 day' then 'daily'
                    when newest.length <= interval '7 days' then 'weekly'
                    when newest.length > interval '92 days' then 'yearly'
                    when newest.length > interval '31 days' then 'quarterly'
                    else 'monthly'
                end
            )
        )
    )
from unruled u
left join lateral (
    select o.upper_bound - o.lower_bound as length
    from public.partitions_of(u.parent) o
    where o.kind = 'range'
    order by o.upper_bound desc
    limit 1
) newest on true
union all
select
    'conversion_prepared',
    case when r.refused_from < n.moment + interval '7 days' then 'error' else 'warning' end,
    k.conrelid::regclass::text,
    k.conrelid::regclass::text,
    jsonb_build_object(
        'column', f.column_name,
        'refusedFrom', r.refused_from,
        'isPast', r.refused_from < n.moment,
        'statements', jsonb_build_array(format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname))
    )
from pg_constraint k
join pg_class c on c.oid = k.conrelid and c.relkind = 'r' and not c.relispartition
cross join lateral public.find_conversion(k.conrelid) f
-- How a column of another type holds a time is not known before the cut-over.
left join lateral (
    select public.decode_partition_bound(f.cut, e.encoding) as refused_from
    from public.conversion_encoding(k.conrelid, f.column_name, null) e (encoding)
    where e.encoding is not null
) r on true
cross join (select now() at time zone 'UTC' as moment) n
where k.contype = 'c' and k.conname = public.partition_name(k.conrelid, 'convert_cut') and f.state = 'begun'
order by 1, 3;
