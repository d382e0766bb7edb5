-- The constraints of tables and domains, each with the statements that create it.
--
-- What a table inherits is written with the table above it. The index of a primary key on a partition is its own, and
-- is attached to that of the parent. NOT NULL belongs to the column, unless it is not validated.
with written as (
    select c.*, r.name as relation, r.nspname
    from pg_constraint c
    join lateral (
        select n.nspname, format('%I.%I', n.nspname, t.relname) as name
        from pg_class t
        join pg_namespace n on n.oid = t.relnamespace
        where t.oid = c.conrelid and not exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = t.oid and d.deptype = 'e'
        )
    ) r on true
    where r.nspname !~ '^pg_' and r.nspname <> 'information_schema'
        and (
            c.contype in ('p', 'u', 'x')
            or c.contype = 'f' and c.conparentid = 0
            or c.contype = 'c' and c.conislocal
            or c.contype = 'n' and c.conislocal and not c.convalidated
        )
)
select
    format('pg_constraint/%s', c.oid) as address,
    case c.contype when 'f' then 'foreign key' else 'constraint' end as kind,
    c.nspname::text as schema,
    format('%I on %s', c.conname, c.relation) as name,
    c.relation,
    concat_ws(E'\n',
        format(
            'ALTER TABLE %s%s ADD CONSTRAINT %I %s;', case when c.contype in ('p', 'u', 'x') then 'ONLY ' end,
            c.relation, c.conname, pg_get_constraintdef(c.oid)
        ),
        case when i.relation is not null then format(
            'ALTER INDEX %s SET (%s);', i.relation, (
                select string_agg(format('%s = %L', option_name, option_value), ', ' order by option_name)
                from pg_options_to_table(i.reloptions)
            )
        ) end,
        'ALTER INDEX ' || i.parent || ' ATTACH PARTITION ' || i.name || ';',
        case when i.indisclustered then format('ALTER TABLE %s CLUSTER ON %I;', c.relation, c.conname) end,
        case when i.indisreplident then format(
            'ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %I;', c.relation, c.conname
        ) end,
        case when exists (
            select from pg_trigger t where t.tgconstraint = c.oid and t.tgisinternal and t.tgenabled <> 'O'
        ) then '-- Its triggers are not enabled as usual.' end
    ) as definition
from written c
left join lateral (
    select
        x.indisclustered, x.indisreplident, t.reloptions, x.indexrelid::regclass::text as name,
        case when t.reloptions is not null then x.indexrelid::regclass::text end as relation,
        (select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = x.indexrelid) as parent
    from pg_index x
    join pg_class t on t.oid = x.indexrelid
    where x.indexrelid = c.conindid and c.contype in ('p', 'u', 'x')
) i on true
union all
select
    format('pg_constraint/%s', c.oid),
    'domain constraint',
    n.nspname::text,
    format('%I on %I.%I', c.conname, n.nspname, t.typname),
    format('%I.%I', n.nspname, t.typname),
    format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s;', n.nspname, t.typname, c.conname, pg_get_constraintdef(c.oid))
from pg_constraint c
join pg_type t on t.oid = c.contypid
join pg_namespace n on n.oid = t.typnamespace
where c.contype = 'c' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
        select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
    );
