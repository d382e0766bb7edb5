-- The views and materialized views of a database, each with the statement that creates it.
--
-- Whether a materialized view has contents is no part of its definition.
select
    format('pg_class/%s', c.oid) as address,
    case c.relkind when 'm' then 'materialized view' else 'view' end as kind,
    n.nspname::text as schema,
    format('%I.%I', n.nspname, c.relname) as name,
    format('%I.%I', n.nspname, c.relname) as relation,
    concat(
        'CREATE ', case c.relkind when 'm' then 'MATERIALIZED ' end, format('VIEW %I.%I', n.nspname, c.relname),
        E'\nUSING ' || (select quote_ident(amname) from pg_am where oid = c.relam and amname <> 'heap'),
        E'\nWITH (' || (
            select string_agg(format('%s = %L', option_name, option_value), ', ' order by option_name)
            from pg_options_to_table(c.reloptions)
        ) || ')',
        E' AS\n', pg_get_viewdef(c.oid),
        (
            select string_agg(
                format(
                    E'\nALTER MATERIALIZED VIEW %I.%I ALTER COLUMN %I SET STATISTICS %s;', n.nspname, c.relname,
                    a.attname, to_jsonb(a) ->> 'attstattarget'
                ),
                '' order by a.attnum
            )
            from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and c.relkind = 'm'
                and (to_jsonb(a) ->> 'attstattarget')::integer <> -1
        )
    ) as definition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
        select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    );
