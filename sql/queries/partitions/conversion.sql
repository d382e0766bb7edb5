-- How far the conversion of a table has come, what the table is, and what stands in the way: one row.
select
    current_database() as database,
    i.relation::text as "table",
    f.state,
    f.original::text as original,
    f.column_name,
    e.encoding,
    case when e.encoding is not null then public.decode_partition_bound(f.cut, e.encoding) end at time zone 'UTC' as cut,
    -- Before the first VACUUM or ANALYZE it is -1.
    case when c.reltuples >= 0 then c.reltuples end::float8 as rows,
    pg_table_size(f.original)::float8 as bytes,
    (
        select coalesce(jsonb_agg(jsonb_build_object('problem', p.problem, 'cure', p.cure)), '[]')
        from public.conversion_problems(i.relation, i.column_name, i.encoding) p
        where i.column_name is not null
    ) as problems,
    (
        select coalesce(jsonb_agg(jsonb_build_object('problem', p.problem, 'cure', p.cure)), '[]')
        from public.undo_conversion_problems(i.relation) p
    ) as undo_problems
from (
    select
        (given ->> 'relation')::regclass as relation,
        (given ->> 'column')::name as column_name,
        given ->> 'encoding' as encoding
    from (select $1::jsonb as given) given
) i
cross join lateral public.find_conversion(i.relation) f
join pg_class c on c.oid = f.original
left join public.partition_policies p on p.parent = i.relation
cross join lateral public.conversion_encoding(
    i.relation, coalesce(f.column_name, i.column_name), coalesce(i.encoding, p.key_encoding)
) e (encoding);
