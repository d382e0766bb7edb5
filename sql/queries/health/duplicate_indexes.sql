-- Indexes that are the same as another one of their table, or whose columns another one begins with: one row for each.
with candidate as materialized (
    select
        x.*,
        c.relkind,
        c.relam,
        c.relispartition,
        x.indkey::smallint[] as keys,
        x.indclass::oid[] as classes,
        x.indcollation::oid[] as collations,
        x.indoption::smallint[] as options,
        -- Trees of expressions say where in the statement they stood.
        regexp_replace(x.indexprs::text, ':location -?\d+', '', 'g') as expressions,
        regexp_replace(x.indpred::text, ':location -?\d+', '', 'g') as predicate,
        x.indisunique or x.indisprimary or x.indisexclusion or x.indisreplident
            or exists (select from pg_constraint k where k.conindid = x.indexrelid) as is_needed
    from pg_index x
    join pg_class c on c.oid = x.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    where x.indisvalid and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and not pg_is_other_temp_schema(n.oid)
), size as materialized (
    select
        coalesce(pg_partition_root(c.oid), c.oid) as root,
        sum(c.relpages::bigint) * current_setting('block_size')::integer as size
    from pg_class c
    where c.relkind = 'i'
    group by 1
), pair as materialized (
    select
        a.indexrelid, a.indrelid, a.relkind, b.indexrelid as other,
        a.indnatts = b.indnatts and a.indnkeyatts = b.indnkeyatts as is_same
    from candidate a
    join candidate b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid and b.relam = a.relam
    -- That of a partition goes with its parent's.
    where not a.relispartition
        and not a.is_needed
        and a.predicate is not distinct from b.predicate
        and (
            (
                a.keys = b.keys and a.classes = b.classes and a.collations = b.collations and a.options = b.options
                and a.indnkeyatts = b.indnkeyatts and a.expressions is not distinct from b.expressions
                -- Of two that are alike, the older one stays.
                and (b.is_needed or b.relispartition or b.indexrelid < a.indexrelid)
            )
            -- A B-tree serves whoever asks for the columns it begins with.
            or (
                a.relam = (select oid from pg_am where amname = 'btree')
                and a.indnatts < b.indnkeyatts and a.indnatts = a.indnkeyatts and a.expressions is null
                and a.keys[0:a.indnatts - 1] = b.keys[0:a.indnatts - 1]
                and a.classes[0:a.indnatts - 1] = b.classes[0:a.indnatts - 1]
                and a.collations[0:a.indnatts - 1] = b.collations[0:a.indnatts - 1]
                and a.options[0:a.indnatts - 1] = b.options[0:a.indnatts - 1]
            )
        )
)
select distinct on (p.is_same, p.indexrelid)
    case when p.is_same then 'warning' else 'note' end as level,
    p.indexrelid::regclass::text as object,
    jsonb_build_object(
        'table', p.indrelid::regclass::text,
        'other', p.other::regclass::text,
        'same', p.is_same,
        -- A partitioned one may have no partition yet.
        'size', coalesce(s.size, 0)
    ) as detail,
    case
        when p.relkind = 'I' then format('drop index %s;', p.indexrelid::regclass)
        else format('drop index concurrently %s;', p.indexrelid::regclass)
    end as cure
from pair p
left join size s on s.root = p.indexrelid
where p.is_same
    or not exists (select from pair same where same.indexrelid = p.indexrelid and same.is_same)
order by p.is_same desc, p.indexrelid, p.other;
