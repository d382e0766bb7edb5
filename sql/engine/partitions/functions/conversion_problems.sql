-- Returns every reason why a table cannot be converted into one that is partitioned by a column, and what helps.
create or replace function public.conversion_problems(relation regclass, column_name name, given_encoding text)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select p.* from public.conversion_table_problems(relation) p
    union all
    select p.* from public.conversion_column_problems(relation, column_name, given_encoding) p
    union all
    select p.* from public.conversion_index_problems(relation, column_name) p
    union all
    select p.* from public.conversion_constraint_problems(relation) p
    union all
    select p.* from public.conversion_dependents(relation) p
    union all
    select
        format('publication "%s" publishes partitions under their own names', p.pubname),
        format('ALTER PUBLICATION %I SET (publish_via_partition_root = true);', p.pubname)
    from pg_publication p
    join pg_class c on c.oid = relation
    where not p.pubviaroot and (
        p.puballtables
        or exists (select from pg_publication_rel r where (r.prpubid, r.prrelid) = (p.oid, c.oid))
        or exists (select from pg_publication_namespace n where (n.pnpubid, n.pnnspid) = (p.oid, c.relnamespace))
    )
    union all
    select
        format('publication "%s", which has it, belongs to "%s"', p.pubname, pg_get_userbyid(p.pubowner)),
        'Connect as that user.'
    from pg_publication p
    join pg_publication_rel r on r.prpubid = p.oid and r.prrelid = relation
    where not pg_has_role(p.pubowner, 'usage');
$function$;

comment on function public.conversion_problems(regclass, name, text) is
    'Returns every reason why a table cannot be converted into one that is partitioned by a column, and what helps.';
