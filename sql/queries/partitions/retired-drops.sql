-- The detached partitions that may be dropped now or later: the rows of plan_drops(), with sizes, moments in ISO 8601.
select
    d.action,
    d.retirement::float8 as retirement,
    d.parent,
    d.relation::oid::bigint::float8 as relation,
    d.relation::text as name,
    case when isfinite(d.lower_bound) then to_char(d.lower_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as lower_bound,
    to_char(d.upper_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as upper_bound,
    d.reason,
    s.size,
    s.rows
from public.plan_drops() d
cross join lateral (
    select
        sum(pg_total_relation_size(c.oid))::float8 as size,
        -- Before the first VACUUM or ANALYZE it is -1.
        case when bool_and(c.reltuples >= 0) then sum(c.reltuples) end::float8 as rows
    from (select d.relation as relid union select t.relid from pg_partition_tree(d.relation) t where t.isleaf) leaf
    join pg_class c on c.oid = leaf.relid and c.relkind <> 'p'
) s
order by d.parent, d.lower_bound;
