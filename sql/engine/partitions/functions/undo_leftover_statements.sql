-- Returns the statements that give the table of before, under its own name again, what only the partitioned one had.
create or replace function public.undo_leftover_statements(relation regclass, original regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format('alter table %s replica identity using index %I', relation, parent.relname)
    from pg_index parent_index
    join pg_class parent on parent.oid = parent_index.indexrelid
    where parent_index.indrelid = relation and parent_index.indisreplident
    union all
    select format('comment on constraint %I on %s is %L', k.conname, relation, d.description)
    from pg_constraint k
    join pg_description d on (d.classoid, d.objoid) = ('pg_constraint'::regclass, k.oid)
    where k.conrelid = relation and k.contype = 'p'
    union all
    select format('comment on index %s is %L', i.indexrelid::regclass, d.description)
    from pg_index i
    join pg_description d on (d.classoid, d.objoid, d.objsubid) = ('pg_class'::regclass, i.indexrelid, 0)
    where i.indrelid = relation and i.indisprimary
    union all
    select s.statement from public.trigger_statements(relation) s (statement)
    union all
    select s.statement from public.publication_statements(relation, relation::text) s (statement);
$function$;

comment on function public.undo_leftover_statements(regclass, regclass) is
    'Returns the statements that give the table of before, under its own name again, what only the partitioned one had.';
