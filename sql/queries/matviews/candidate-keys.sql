-- The columns of materialized views that may be a key, the likeliest first, at most three for each view.
--
-- $1 is an array of names. The columns of GROUP BY; those of one of the base tables' keys, where the statistics do not
-- say that they repeat here; and columns whose values were all different when the view was last analyzed. Grouping and
-- origin of a column stand in the tree of the view's query, which has the same field names in PostgreSQL 15 to 18: the
-- last entry with a number is the query's own, unless a subquery stands between its columns or in HAVING, so a candidate
-- is to be tested. What has no order cannot be in a unique index.
with view_of as materialized (
    select name::regclass as view from jsonb_array_elements_text($1::jsonb) name
), column_of as materialized (
    select v.view, a.attnum, a.attname, s.n_distinct
    from view_of v
    join pg_class c on c.oid = v.view
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = v.view and a.attnum > 0 and not a.attisdropped
    left join pg_stats s
        on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname
    where exists (
        select
        from pg_type t
        join pg_opclass o
            on o.opcdefault and o.opcmethod = (select m.oid from pg_am m where m.amname = 'btree')
            and (
                o.opcintype in (t.oid, t.typbasetype)
                or o.opcintype = 'anyarray'::regtype and t.typcategory = 'A'
                or o.opcintype = 'anyenum'::regtype and t.typtype = 'e'
                or o.opcintype = 'text'::regtype and t.oid = 'varchar'::regtype
            )
        where t.oid = a.atttypid
    )
), tree as materialized (
    select v.view, r.ev_action::text as text
    from view_of v
    join pg_rewrite r on r.ev_class = v.view and r.rulename = '_RETURN'
), target as materialized (
    select distinct on (t.view, m.entry[1]::integer)
        t.view, c.attnum, m.entry[2]::integer as group_number, m.entry[3]::oid as base, m.entry[4]::smallint as base_column
    from tree t
    cross join lateral regexp_matches(
        t.text,
        ':resno (\d+) :resname (?:\\.|[^ \\])+ :ressortgroupref (\d+) :resorigtbl (\d+) :resorigcol (\d+) :resjunk false',
        'g'
    ) with ordinality m (entry, place)
    join column_of c on c.view = t.view and c.attnum = m.entry[1]::integer
    order by t.view, m.entry[1]::integer, m.place desc
), group_clause as materialized (
    select distinct on (t.view) t.view, m.clause[1] as clause
    from tree t
    cross join lateral regexp_matches(t.text, ':groupClause (\([^()]*\)|<>)', 'g') with ordinality m (clause, place)
    order by t.view, m.place desc
), group_key as (
    select g.view, array_agg(t.attnum order by t.attnum) as columns
    from group_clause g
    cross join lateral regexp_matches(g.clause, ':tleSortGroupRef (\d+)', 'g') m (number)
    left join target t on t.view = g.view and t.group_number = m.number[1]::integer
    group by g.view
    having count(*) = count(t.attnum)
), base_key as materialized (
    -- Each key of a table that the view reads, by the columns of the view that have its columns.
    select o.view, i.indexrelid, array_agg(o.attnum order by k.place) as columns
    from target o
    join pg_index i on i.indrelid = o.base and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    cross join lateral unnest((i.indkey::smallint[])[0:i.indnkeyatts - 1]) with ordinality k (base_column, place)
    where o.base_column = k.base_column
    group by o.view, i.indexrelid, i.indnkeyatts
    having count(distinct k.base_column) = i.indnkeyatts and count(*) = i.indnkeyatts
), candidate (view, columns, rank) as (
    select k.view, k.columns, -1 from group_key k
    union all
    select k.view, k.columns, case when cardinality(k.columns) > 1 then 3 when c.n_distinct = -1 then 0 else 2 end
    from base_key k
    join column_of c on c.view = k.view and c.attnum = k.columns[1]
    where cardinality(k.columns) > 1 or coalesce(c.n_distinct, -1) = -1
    union all
    select c.view, array[c.attnum], 1
    from column_of c
    where c.n_distinct = -1
), ranked as (
    select
        c.view,
        c.columns,
        row_number() over (partition by c.view order by min(c.rank), c.columns) as place
    from candidate c
    group by c.view, c.columns
)
select
    r.view::text as view,
    named.list as columns,
    format('CREATE UNIQUE INDEX CONCURRENTLY ON %s (%s);', r.view, named.list) as index_statement,
    format(
        'SELECT %s, count(*) FROM %s GROUP BY %s HAVING count(*) > 1;', named.list, r.view, named.list
    ) as duplicates_query
from ranked r
cross join lateral (
    select string_agg(quote_ident(a.attname), ', ' order by k.place) as list
    from unnest(r.columns) with ordinality k (attnum, place)
    join pg_attribute a on a.attrelid = r.view and a.attnum = k.attnum
) named
where r.place <= 3
order by r.view::text, r.place;
