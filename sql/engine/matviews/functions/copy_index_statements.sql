-- Writes the statements that give a copy of a materialized view the indexes of the view, named by copy_name().
--
-- Indexes that are not valid are left out: nobody can have used them.
create or replace function public.copy_index_statements(view regclass, copy regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with index_of as (
        select
            i.*, c.relname, quote_ident(public.copy_name(c.relname, c.oid)) as copied_name,
            format('%s.%I', c.relnamespace::regnamespace, public.copy_name(c.relname, c.oid)) as copied,
            quote_ident(s.spcname) as tablespace
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        left join pg_tablespace s on s.oid = c.reltablespace
        where i.indrelid = copy_index_statements.view and i.indisvalid
    ), statement (index_id, place, text) as (
        -- The text of the server begins with the names of index and table, which are replaced.
        select indexrelid, 1, format(
            'create %sindex %s on %s%s',
            case when indisunique then 'unique ' end,
            copied_name,
            copy,
            substr(
                pg_get_indexdef(indexrelid),
                length(format('CREATE %sINDEX %I ON %s', case when indisunique then 'UNIQUE ' end, relname, view)) + 1
            )
        )
        from index_of
        union all
        select indexrelid, 2, format('alter index %s set tablespace %s', copied, tablespace)
        from index_of
        where tablespace is not null
        union all
        select indexrelid, 2, format('alter table %s cluster on %s', copy, copied_name)
        from index_of
        where indisclustered
        union all
        select
            indexrelid, 2,
            format('alter index %s alter column %s set statistics %s', copied, a.attnum, a.attstattarget)
        from index_of
        join pg_attribute a on a.attrelid = indexrelid and a.attstattarget >= 0
        union all
        select indexrelid, 2, format('comment on index %s is %L', copied, obj_description(indexrelid, 'pg_class'))
        from index_of
        where obj_description(indexrelid, 'pg_class') is not null
    )
    select text from statement order by index_id, place;
$function$;

comment on function public.copy_index_statements(regclass, regclass) is
    'Writes the statements that give a copy of a materialized view the indexes of the view, named by copy_name().';
