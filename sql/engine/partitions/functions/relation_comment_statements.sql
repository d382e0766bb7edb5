-- Returns the statements that comment on a table, its indexes, constraints and policies as it is, under its present name.
--
-- Left out is what CREATE TABLE (LIKE ... INCLUDING COMMENTS) copies: the comments on columns and on CHECK constraints.
create or replace function public.relation_comment_statements(relation regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select s.statement
    from (
        select 1, format('comment on table %s is %L', relation, d.description)
        from pg_description d
        where (d.classoid, d.objoid, d.objsubid) = ('pg_class'::regclass, relation, 0)
        union all
        select 2, format('comment on index %s is %L', i.indexrelid::regclass, d.description)
        from pg_index i
        join pg_description d on (d.classoid, d.objoid, d.objsubid) = ('pg_class'::regclass, i.indexrelid, 0)
        where i.indrelid = relation
        union all
        select 3, format('comment on constraint %I on %s is %L', k.conname, relation, d.description)
        from pg_constraint k
        join pg_description d on (d.classoid, d.objoid) = ('pg_constraint'::regclass, k.oid)
        where k.conrelid = relation and k.contype in ('p', 'u', 'f')
        union all
        select 4, format('comment on policy %I on %s is %L', p.polname, relation, d.description)
        from pg_policy p
        join pg_description d on (d.classoid, d.objoid) = ('pg_policy'::regclass, p.oid)
        where p.polrelid = relation
    ) s (place, statement)
    order by s.place, s.statement;
$function$;

comment on function public.relation_comment_statements(regclass) is
    'Returns the statements that comment on a table, its indexes, constraints and policies as it is, under its present name.';
