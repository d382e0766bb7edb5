-- Where a table is to be cut: one row.
--
-- Without a day after the greatest key and after the next day; with one, the beginning of the period in which it lies, and
-- how early the greatest key allows it to be, for which the key is read if "check" says so.
select
    case when i.day is null then c.cut else p.lower_bound end at time zone 'UTC' as cut,
    p.upper_bound at time zone 'UTC' as next,
    c.cut at time zone 'UTC' as earliest
from (
    select
        (given ->> 'relation')::regclass as relation, (given ->> 'column')::name as column_name,
        given ->> 'granularity' as granularity, given ->> 'encoding' as encoding, (given ->> 'day')::timestamp as day,
        (given ->> 'check')::boolean as is_to_check
    from (select $1::jsonb as given) given
) i
cross join lateral (
    select case when i.is_to_check then public.conversion_cut(
        i.relation, i.column_name, i.granularity, i.encoding,
        case when i.day is null then now() else '0001-01-02 00:00:00+00' end
    ) end as cut
) c
cross join lateral public.partition_period(i.granularity, coalesce(i.day, c.cut)) p;
