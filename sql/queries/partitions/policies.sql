-- The tables that partition_policies names, and what it says of each; a row whose table is gone is left out.
select
    p.parent::oid::bigint::float8 as oid,
    p.parent::text as parent,
    p.granularity,
    p.ahead,
    p.retain::text as retain,
    p.retain_mode,
    p.catch_all
from public.partition_policies p
join pg_class c on c.oid = p.parent
order by p.parent::text;
