-- The statements that prepare a conversion and have not run yet, in their order.
select p.statement, p.lock_mode, array_to_json(array[i.relation::text])::jsonb as locked, p.reads_table
from (
    select
        (given ->> 'relation')::regclass as relation,
        (given ->> 'column')::name as column_name,
        given ->> 'encoding' as encoding,
        (given ->> 'cut')::timestamptz at time zone 'UTC' as cut
    from (select $1::jsonb as given) given
) i
cross join lateral public.plan_conversion_preparation(i.relation, i.column_name, i.encoding, i.cut) p;
