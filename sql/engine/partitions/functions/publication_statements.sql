-- Returns the statements that put a table into the publications in which another one stands by name.
create or replace function public.publication_statements(relation regclass, target text)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format(
        'alter publication %I add table only %s%s%s',
        p.pubname,
        target,
        (
            select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')'
            from unnest(r.prattrs) number
            join pg_attribute a on a.attrelid = r.prrelid and a.attnum = number
        ),
        ' where (' || pg_get_expr(r.prqual, r.prrelid) || ')'
    )
    from pg_publication_rel r
    join pg_publication p on p.oid = r.prpubid
    where r.prrelid = relation
    order by p.pubname;
$function$;

comment on function public.publication_statements(regclass, text) is
    'Returns the statements that put a table into the publications in which another one stands by name.';
