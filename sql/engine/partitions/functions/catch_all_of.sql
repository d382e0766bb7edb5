-- Returns the partition of a table that takes the rows without one: the tail, up to MAXVALUE, or the default partition.
--
-- Of a tail with its lower bound, in UTC. Looks at all partitions only where the tail does not have the name it is given
-- when it is created: reading the bounds of thousands takes longer than creating one.
create or replace function public.catch_all_of(parent regclass)
returns table (partition regclass, kind text, lower_bound timestamp)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
#variable_conflict use_column
declare
    encoding constant text := (select k.encoding from public.partition_key(catch_all_of.parent) k);
begin
    return query
    select
        c.oid::regclass,
        'tail',
        public.decode_partition_bound(
            substring(pg_get_expr(c.relpartbound, c.oid) from '^FOR VALUES FROM \((.*)\) TO \(MAXVALUE\)$'), encoding
        )
    from pg_class p
    join pg_class c on c.relnamespace = p.relnamespace and c.relname = public.partition_name(p.oid, 'tail')
    join pg_inherits i on i.inhrelid = c.oid and i.inhparent = p.oid
    where p.oid = catch_all_of.parent and pg_get_expr(c.relpartbound, c.oid) like '% TO (MAXVALUE)';
    if not found and exists (
        select from public.partition_policies p where p.parent = catch_all_of.parent and p.catch_all = 'tail'
    ) then
        return query
        select o.partition, o.kind, o.lower_bound from public.partitions_of(catch_all_of.parent) o where o.kind = 'tail';
    end if;
    return query
    select t.partdefid::regclass, 'default', null::timestamp
    from pg_partitioned_table t
    where t.partrelid = catch_all_of.parent and t.partdefid <> 0;
end
$function$;

comment on function public.catch_all_of(regclass) is
    'Returns the partition of a table that takes the rows without one: the tail, up to MAXVALUE, or the default partition.';
