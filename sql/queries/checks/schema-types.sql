-- The types that a database defines itself, each with the statement that creates it.
--
-- The types of rows and arrays come with their tables and elements.
select
    format('pg_type/%s', t.oid) as address,
    case when t.typtype = 'd' then 'domain' else 'type' end as kind,
    n.nspname::text as schema,
    format('%I.%I', n.nspname, t.typname) as name,
    null::text as relation,
    case t.typtype
        when 'e' then format(E'CREATE TYPE %I.%I AS ENUM (\n%s\n);', n.nspname, t.typname, (
            select string_agg(format('    %L', e.enumlabel), E',\n' order by e.enumsortorder)
            from pg_enum e
            where e.enumtypid = t.oid
        ))
        when 'd' then concat_ws(' ',
            format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod)),
            case when t.typcollation <> b.typcollation then 'COLLATE ' || t.typcollation::regcollation end,
            'DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault),
            case when t.typnotnull then concat(
                'CONSTRAINT ' || (
                    select quote_ident(c.conname)
                    from pg_constraint c
                    where c.contypid = t.oid and c.contype = 'n' and c.conname <> concat(t.typname, '_not_null')
                ) || ' ',
                'NOT NULL'
            ) end
        ) || ';'
        when 'c' then format(E'CREATE TYPE %I.%I AS (\n%s\n);', n.nspname, t.typname, (
            select string_agg(
                concat(
                    format('    %I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
                    case when a.attcollation <> f.typcollation then ' COLLATE ' || a.attcollation::regcollation end
                ),
                E',\n' order by a.attnum
            )
            from pg_attribute a
            join pg_type f on f.oid = a.atttypid
            where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
        ))
        when 'r' then format(E'CREATE TYPE %I.%I AS RANGE (\n    %s\n);', n.nspname, t.typname, (
            select concat_ws(E',\n    ',
                'SUBTYPE = ' || format_type(g.rngsubtype, null),
                case when not o.opcdefault then format(
                    'SUBTYPE_OPCLASS = %I.%I', (select nspname from pg_namespace where oid = o.opcnamespace), o.opcname
                ) end,
                case when g.rngcollation <> s.typcollation then 'COLLATION = ' || g.rngcollation::regcollation end,
                'CANONICAL = ' || nullif(g.rngcanonical, 0)::regproc,
                'SUBTYPE_DIFF = ' || nullif(g.rngsubdiff, 0)::regproc,
                'MULTIRANGE_TYPE_NAME = ' || g.rngmultitypid::regtype
            )
            from pg_range g
            join pg_type s on s.oid = g.rngsubtype
            join pg_opclass o on o.oid = g.rngsubopc
            where g.rngtypid = t.oid
        ))
        else '-- Not written: ' || pg_describe_object('pg_type'::regclass, t.oid, 0)
    end as definition
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_type b on b.oid = t.typbasetype
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and t.typtype <> 'm'
    and not exists (select from pg_type e where e.typarray = t.oid)
    and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
    and not exists (
        select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
    );
