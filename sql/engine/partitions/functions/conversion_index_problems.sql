-- Returns the indexes of a table that a partitioned one cannot have, or that would lose something, and what helps.
create or replace function public.conversion_index_problems(relation regclass, column_name name)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select p.problem, p.cure
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    cross join lateral (
        values
            (
                i.indisunique and not i.indisprimary and not i.indisexclusion and not exists (
                    select from pg_attribute a
                    where a.attrelid = relation and a.attname = column_name and a.attnum = any (i.indkey[:i.indnkeyatts - 1])
                ),
                format('"%s" makes columns unique without "%s", which a partitioned table cannot', c.relname, column_name),
                'Give it up, or keep those values in a table of their own that has the constraint.'
            ),
            (i.indisexclusion, format('"%s" is an exclusion constraint', c.relname), null),
            (
                not (i.indisvalid and i.indisready and i.indislive),
                format('index "%s" is invalid', c.relname),
                format('REINDEX INDEX CONCURRENTLY %1$s; or DROP INDEX CONCURRENTLY %1$s;', i.indexrelid::regclass)
            ),
            (i.indisclustered, format('index "%s" is marked for CLUSTER, which is not carried over', c.relname),
                format('ALTER TABLE %s SET WITHOUT CLUSTER;', relation)),
            (c.reltablespace <> 0, format('index "%s" lies in a tablespace of its own, which is not carried over', c.relname),
                format('ALTER INDEX %s SET TABLESPACE pg_default;', i.indexrelid::regclass)),
            (
                exists (select from pg_attribute a where a.attrelid = i.indexrelid and a.attstattarget >= 0),
                format('a column of index "%s" has a statistics target, which is not carried over', c.relname),
                format('ALTER INDEX %s ALTER COLUMN ... SET STATISTICS -1;', i.indexrelid::regclass)
            )
    ) p (applies, problem, cure)
    where i.indrelid = relation
        and c.relname not in (public.partition_name(relation, 'convert_key'), public.partition_name(relation, 'undo_key'))
        and p.applies;
$function$;

comment on function public.conversion_index_problems(regclass, name) is
    'Returns the indexes of a table that a partitioned one cannot have, or that would lose something, and what helps.';
