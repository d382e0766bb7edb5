-- Returns the statements that create a table like a partitioned one and attach it to it, in order.
--
-- PARTITION OF would lock the parent against readers; LIKE and ATTACH do not (docs/partitions.md). Foreign keys are left
-- to ATTACH: one that is added before makes ATTACH lock the table that it refers to against everything. LIKE would take
-- an identity column with it, which ATTACH refuses from version 17. Bounds are written out as the parser takes them.
create or replace function public.new_partition_statements(parent regclass, name text, bounds text)
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    facts record;
    properties constant text[] := array(
        select public.property_statement(name, w.property, w.item, w.value)
        from public.wanted_partition_properties(parent) w
        where (w.property, w.value) <> ('owner', quote_ident(current_user))
        order by (w.property, w.value) = ('replica identity', 'using index')
    );
    by_index constant boolean := properties[cardinality(properties)] like 'select %';
begin
    select
        case c.relpersistence when 'u' then 'unlogged ' else '' end as persistence,
        coalesce(' using ' || quote_ident(m.amname), '') as access_method,
        coalesce(' tablespace ' || quote_ident(s.spcname), '') as tablespace
    into strict facts
    from pg_class c
    left join pg_am m on m.oid = c.relam
    left join pg_tablespace s on s.oid = c.reltablespace
    where c.oid = parent;
    return next format(
        'create %stable %s (like %s including all excluding identity)%s%s',
        facts.persistence, name, parent, facts.access_method, facts.tablespace
    );
    return query select unnest(properties[:cardinality(properties) - by_index::integer]);
    return next format('alter table %s attach partition %s %s', parent, name, bounds);
    if by_index then
        return next properties[cardinality(properties)];
    end if;
end
$function$;

comment on function public.new_partition_statements(regclass, text, text) is
    'Returns the statements that create a table like a partitioned one and attach it to it, in order.';
