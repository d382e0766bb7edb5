-- Findings on what a partitioned table is: statistics, locks, keys, indexes and names; one row each.
--
-- $1 has the table's object identifier as "parent". Follows pg_inherits, because pg_partition_tree() locks each partition.
with recursive parent as (
    select c.oid::regclass as parent, c.oid, c.relname, c.reltuples, p.granularity, t.partattrs[0] as key
    from pg_class c
    join pg_partitioned_table t on t.partrelid = c.oid
    join public.partition_policies p on p.parent = c.oid
    where c.oid = ($1::jsonb ->> 'parent')::oid
), tree (oid) as (
    select oid from parent
    union all
    select i.inhrelid from pg_inherits i join tree t on i.inhparent = t.oid
), size as (
    select
        count(*) filter (where c.relkind <> 'p') as partitions,
        sum(greatest(c.reltuples, 0)) filter (where c.relkind <> 'p') as rows,
        -- A query that is not pruned locks every partition and every index of it.
        count(*) + sum((select count(*) from pg_index x where x.indrelid = c.oid)) as locks,
        sum((select count(*) from pg_index x where x.indrelid = c.oid)) filter (where c.relkind <> 'p') as indexes
    from tree t
    join pg_class c on c.oid = t.oid
), server as (
    select
        current_setting('max_locks_per_transaction')::bigint as per_transaction,
        current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint as sessions
), lacking_index as (
    select p.parent, x.indexrelid::regclass as index, x.indisunique, i.inhrelid::regclass as partition,
        row_number() over (partition by x.indexrelid order by i.inhrelid) as place
    from parent p
    join pg_index x on x.indrelid = p.oid and not x.indisvalid
    join pg_inherits i on i.inhparent = p.oid
    where not exists (
        select from pg_inherits a join pg_index own on own.indexrelid = a.inhrelid
        where a.inhparent = x.indexrelid and own.indrelid = i.inhrelid
    )
), unique_key as (
    select distinct on (columns) p.parent, x.indexrelid::regclass as index, columns
    from parent p
    join pg_index x on x.indrelid = p.oid and x.indisunique and x.indexprs is null and x.indpred is null
    cross join lateral (
        select
            array_agg(a.attname::text order by k.place) filter (where a.attnum <> p.key) as columns,
            -- A single column that is filled by itself tells rows apart by its own.
            count(*) = 2 and bool_or(a.attnum <> p.key and (a.atthasdef or a.attidentity <> '')) as is_surrogate,
            bool_or(a.attnum = p.key) as has_key
        from unnest(x.indkey::smallint[]) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = p.oid and a.attnum = k.attnum
        where k.place <= x.indnkeyatts
    ) of_index
    where of_index.has_key and of_index.columns is not null and not of_index.is_surrogate
    order by columns, x.indexrelid
)
select
    'parent_not_analyzed' as finding,
    'warning' as level,
    p.parent::text as parent,
    p.parent::text as relation,
    jsonb_build_object(
        'rows', s.rows,
        'known', p.reltuples,
        'statements', jsonb_build_array(
            -- From 18 on without the partitions, which autovacuum analyzes.
            format(
                'analyze %s%s',
                case when current_setting('server_version_num')::integer >= 180000 then 'only ' end,
                p.parent
            )
        )
    ) as detail
from parent p
cross join size s
where s.rows > 0 and p.reltuples < s.rows / 2
union all
select
    'lock_slots',
    case when s.locks > v.per_transaction * v.sessions then 'error' else 'warning' end,
    p.parent::text,
    p.parent::text,
    jsonb_build_object(
        'partitions', s.partitions,
        'indexes', s.indexes,
        'locks', s.locks,
        'slots', v.per_transaction * v.sessions,
        'per_transaction', v.per_transaction,
        'sessions', v.sessions,
        'statements', jsonb_build_array(
            format('alter system set max_locks_per_transaction = %s', ceil(4.0 * s.locks / v.sessions))
        )
    )
from parent p
cross join size s
cross join server v
where 4 * s.locks > v.per_transaction * v.sessions
union all
select
    'logical_key',
    'note',
    u.parent::text,
    u.index::text,
    jsonb_build_object(
        'columns', to_jsonb(u.columns),
        'key', a.attname,
        'statements', jsonb_build_array(
            format(
                'select %1$s, count(*) as rows from %2$s group by %1$s having count(*) > 1',
                (
                    select string_agg(quote_ident(c.name), ', ' order by c.place)
                    from unnest(u.columns) with ordinality c (name, place)
                ),
                u.parent
            )
        )
    )
from unique_key u
cross join parent p
join pg_attribute a on a.attrelid = p.oid and a.attnum = p.key
union all
select
    'foreign_key_lock',
    'note',
    p.parent::text,
    p.parent::text,
    jsonb_build_object('tables', jsonb_agg(distinct r.relation::regclass::text), 'statements', '[]'::jsonb)
from parent p
join pg_constraint k on k.contype = 'f' and p.oid in (k.conrelid, k.confrelid)
cross join lateral (values (k.conrelid), (k.confrelid)) r (relation)
join pg_class c on c.oid = r.relation and not c.relispartition
where r.relation <> p.oid
group by p.parent
union all
select
    'name_length',
    'note',
    p.parent::text,
    p.parent::text,
    jsonb_build_object(
        'length', octet_length(p.relname || '_' || y.suffix),
        'name', public.partition_name(p.parent, y.suffix),
        'statements', '[]'::jsonb
    )
from parent p
cross join lateral public.partition_period(p.granularity, timestamp '2030-12-31') y
where octet_length(p.relname || '_' || y.suffix) > 63
union all
select
    'invalid_index',
    'warning',
    l.parent::text,
    l.index::text,
    jsonb_build_object(
        'partitions', jsonb_agg(l.partition::text order by l.place),
        'statements', jsonb_agg(s.statement order by l.place, s.step)
    )
from lacking_index l
cross join pg_get_indexdef(l.index) definition
cross join lateral (
    select
        format('%s_%s', left((select c.relname from pg_class c where c.oid = l.index), 30), l.partition::oid) as name,
        (select c.relnamespace::regnamespace from pg_class c where c.oid = l.partition) as schema,
        ' on only ' || l.parent as place
) n
cross join lateral (
    values
        (
            1,
            format(
                'create %sindex concurrently %I on %s%s',
                case when l.indisunique then 'unique ' else '' end,
                n.name,
                l.partition,
                substr(definition, strpos(lower(definition), lower(n.place)) + length(n.place))
            )
        ),
        (2, format('alter index %s attach partition %s.%I', l.index, n.schema, n.name))
) s (step, statement)
group by l.parent, l.index
order by 1, 3, 4;
