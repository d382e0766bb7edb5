-- What is to be retired of a table: the rows of plan_retirement(), with sizes and with moments in ISO 8601.
--
-- $1 is an array with the table's object identifier. A bound at MINVALUE is null.
select
    d.action,
    d.retirement::float8 as retirement,
    d.partition::oid::bigint::float8 as relation,
    d.partition::text as name,
    case when isfinite(d.lower_bound) then to_char(d.lower_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as lower_bound,
    to_char(d.upper_bound, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as upper_bound,
    d.method,
    d.reason,
    s.size,
    s.rows
from jsonb_array_elements_text($1::jsonb) parent
cross join lateral public.plan_retirement(parent::oid) d
cross join lateral (
    select
        sum(pg_total_relation_size(c.oid))::float8 as size,
        -- Before the first VACUUM or ANALYZE it is -1.
        case when bool_and(c.reltuples >= 0) then sum(c.reltuples) end::float8 as rows
    from (select d.partition as relid union select t.relid from pg_partition_tree(d.partition) t where t.isleaf) leaf
    join pg_class c on c.oid = leaf.relid and c.relkind <> 'p'
) s
order by d.lower_bound, d.upper_bound;
