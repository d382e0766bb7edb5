-- Tables with a policy that lack partitions which are wanted by now: one row for each.
select
    case when bool_or(p.lower_bound <= now() at time zone 'UTC') then 'error' else 'warning' end as level,
    r.parent::text as object,
    jsonb_build_object('partitions', count(*), 'from', min(p.lower_bound)) as detail,
    -- As a shell takes it.
    format(
        'doramaflix-db partitions create --parent %s',
        case
            when r.parent::text ~ '^[\w.]+$' then r.parent::text
            else format($$'%s'$$, replace(r.parent::text, $$'$$, $$'\''$$))
        end
    ) as cure
from public.partition_policies r
join pg_class c on c.oid = r.parent and c.relkind = 'p'
cross join lateral public.plan_partitions(r.parent, r.granularity, r.ahead, r.retain) p
where p.state = 'missing'
group by r.parent
order by 1, 2;
