-- Findings on tables that were partitions of a table once, or look like it: one row each.
--
-- $1 has the table's object identifier as "parent". DETACH CONCURRENTLY leaves the bounds behind as a CHECK.
with policy as (
    select p.*, k.column_name, k.encoding, c.relnamespace
    from public.partition_policies p
    join pg_class c on c.oid = p.parent
    cross join lateral public.partition_key(p.parent) k
    where p.parent::oid = ($1::jsonb ->> 'parent')::oid
), candidate as materialized (
    select p.parent, p.granularity, p.encoding, c.oid::regclass as relation, n.suffix, b.bounds
    from policy p
    join pg_class c on c.relkind = 'r' and not c.relispartition and not pg_is_other_temp_schema(c.relnamespace)
    left join lateral (
        select suffix
        from substring(c.relname from '_(\d{4}(?:_(?:0[1-9]|1[0-2])(?:_[0-3]\d)?|_w[0-5]\d|_q[1-4])?)$') suffix
        where c.relnamespace = p.relnamespace and c.relname = public.partition_name(p.parent, suffix)
    ) n on true
    left join lateral (
        select format(
            'for values from (%s) to (%s)',
            quote_literal(substring(d.definition from '>= ''?([^'')]+)')),
            quote_literal(substring(d.definition from ' < ''?([^'')]+)'))
        ) as bounds
        from pg_constraint k
        cross join lateral pg_get_constraintdef(k.oid) d (definition)
        where k.conrelid = c.oid and k.contype = 'c'
            and starts_with(d.definition, format('CHECK (((%1$I IS NOT NULL) AND (%1$I >= ', p.column_name))
        limit 1
    ) b on true
    where coalesce(n.suffix, b.bounds) is not null
        and not exists (select from pg_inherits i where i.inhrelid = c.oid)
        and not exists (select from public.retired_partitions r where r.relation = c.oid)
        and not exists (
            (
                select a.attname, a.atttypid from pg_attribute a
                where a.attrelid = p.parent::oid and a.attnum > 0 and not a.attisdropped
                except all
                select a.attname, a.atttypid from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            )
            union all
            (
                select a.attname, a.atttypid from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                except all
                select a.attname, a.atttypid from pg_attribute a
                where a.attrelid = p.parent::oid and a.attnum > 0 and not a.attisdropped
            )
        )
), placed as (
    select c.*, coalesce(c.bounds, public.partition_bounds(w.lower_bound, w.upper_bound, c.encoding)) as attach
    from candidate c
    left join lateral (
        -- By counting, which no impossible day stops.
        select case
            when c.suffix ~ 'w' then date_trunc('week', make_date(greatest(left(c.suffix, 4)::integer, 1), 1, 4)::timestamp)
                + (right(c.suffix, 2)::integer - 1) * interval '1 week'
            else make_date(greatest(left(c.suffix, 4)::integer, 1), 1, 1)
                + case
                    when c.suffix ~ 'q' then (right(c.suffix, 1)::integer - 1) * interval '3 months'
                    else (coalesce(substring(c.suffix from '^\d{4}_(\d\d)'), '1')::integer - 1) * interval '1 month'
                        + (coalesce(substring(c.suffix from '^\d{4}_\d\d_(\d\d)'), '1')::integer - 1) * interval '1 day'
                end
        end as moment
    ) m on c.suffix is not null
    left join lateral public.partition_period(
        case
            when c.suffix ~ 'w' then 'weekly'
            when c.suffix ~ 'q' then 'quarterly'
            when c.suffix ~ '_\d\d_' then 'daily'
            when c.suffix ~ '_' then 'monthly'
            else 'yearly'
        end,
        m.moment
    ) w on true
)
select
    'detached_orphan' as finding,
    'warning' as level,
    p.parent::text as parent,
    p.relation::text as relation,
    jsonb_build_object(
        'by', case when p.bounds is null then 'name' else 'check' end,
        'statements', jsonb_build_array(format('alter table %s attach partition %s %s', p.parent, p.relation, p.attach))
    ) as detail
from placed p
union all
select
    'retired_not_dropped',
    'note',
    p.parent::text,
    r.relation::regclass::text,
    jsonb_build_object(
        'detached', r.detached_at,
        'statements', jsonb_build_array(
            'begin',
            format('drop table %s', r.relation::regclass),
            format('update public.retired_partitions set dropped_at = now() where id = %s', r.id),
            'commit'
        )
    )
from policy p
join public.retired_partitions r on to_regclass(r.parent) = p.parent
join pg_class c on c.oid = r.relation and not c.relispartition
where p.retain_mode = 'drop' and r.dropped_at is null and r.detached_at + p.grace < now()
order by 1, 4;
