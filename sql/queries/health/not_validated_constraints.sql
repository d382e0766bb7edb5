-- Constraints of tables and domains that hold for new rows only: one row for each, partitions with their parent.
select
    'warning' as level,
    format(
        '%s.%I', case when k.contypid <> 0 then k.contypid::regtype::text else k.conrelid::regclass::text end, k.conname
    ) as object,
    jsonb_build_object('type', k.contype) as detail,
    case
        when k.contypid <> 0 then format('alter domain %s validate constraint %I;', k.contypid::regtype, k.conname)
        else format('alter table %s validate constraint %I;', k.conrelid::regclass, k.conname)
    end as cure
from pg_constraint k
where not k.convalidated
    and k.conparentid = 0 and k.coninhcount = 0
    -- From 18 on there are some that are not meant to be enforced.
    and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
order by 2;
