-- Returns the partitions of a table with their bounds as moments in UTC, whatever the session's time zone.
--
-- The kind is "range" for one with two bounds, "head" and "tail" for one from MINVALUE or to MAXVALUE, and "default".
-- Takes no lock on the partitions.
create or replace function public.partitions_of(parent regclass)
returns table (partition regclass, kind text, lower_bound timestamp, upper_bound timestamp, detach_pending boolean)
language plpgsql
stable
-- pg_get_expr() writes bounds in the time zone and the date style of the session.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    encoding constant text := (select k.encoding from public.partition_key(partitions_of.parent) k);
begin
    return query
    select
        c.oid::regclass,
        case
            when b.expression = 'DEFAULT' then 'default'
            when b.bounds[2] = 'MAXVALUE' then 'tail'
            when b.bounds[1] = 'MINVALUE' then 'head'
            else 'range'
        end,
        public.decode_partition_bound(b.bounds[1], encoding),
        public.decode_partition_bound(b.bounds[2], encoding),
        i.inhdetachpending
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    cross join lateral (
        select e.expression, regexp_match(e.expression, '^FOR VALUES FROM \((.*)\) TO \((.*)\)$') as bounds
        from pg_get_expr(c.relpartbound, c.oid) e (expression)
    ) b
    where i.inhparent = partitions_of.parent;
end
$function$;

comment on function public.partitions_of(regclass) is
    'Returns the partitions of a table with their bounds as moments in UTC, whatever the session''s time zone.';
