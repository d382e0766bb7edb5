-- Returns every reason why the conversion of a table cannot be undone after its cut-over, and what helps.
create or replace function public.undo_conversion_problems(relation regclass)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with found as (
        select f.* from public.find_conversion(relation) f where f.state = 'converted'
    )
    select d.problem, 'Drop it before, and create it again after.'
    from found
    cross join public.conversion_dependents(relation) d
    union all
    select format('foreign key "%s" of table %s refers to it', k.conname, k.conrelid::regclass),
        format('ALTER TABLE %s DROP CONSTRAINT %I;', k.conrelid::regclass, k.conname)
    from found
    join pg_constraint k on k.contype = 'f' and k.confrelid = relation and k.conparentid = 0
    union all
    select format('it belongs to "%s"', pg_get_userbyid(c.relowner)), 'Connect as its owner.'
    from found
    join pg_class c on c.oid = relation
    where not pg_has_role(c.relowner, 'usage')
    union all
    -- Rows that are not seen would not be moved, but dropped with their partitions.
    select 'its row-level security hides rows from you', 'Connect as its owner, or as a role with BYPASSRLS.'
    from found
    where row_security_active(relation)
    union all
    select format('partition %s is half detached', i.inhrelid::regclass),
        format('ALTER TABLE %s DETACH PARTITION %s FINALIZE;', relation, i.inhrelid::regclass)
    from found
    join pg_inherits i on i.inhparent = relation and i.inhdetachpending
    union all
    -- What the table of before has not got would be lost.
    select distinct
        format('after the cut-over its %s changed%s', p.property, coalesce(': ' || nullif(p.item, ''), '')),
        format('Give %s the same, or take it back.', found.original)
    from found
    cross join lateral (
        (select t.property, t.item, t.value from public.table_properties(relation) t
            except select t.property, t.item, t.value from public.table_properties(found.original) t)
        union
        (select t.property, t.item, t.value from public.table_properties(found.original) t
            except select t.property, t.item, t.value from public.table_properties(relation) t)
    ) p
    where p.property <> 'storage parameter';
$function$;

comment on function public.undo_conversion_problems(regclass) is
    'Returns every reason why the conversion of a table cannot be undone after its cut-over, and what helps.';
