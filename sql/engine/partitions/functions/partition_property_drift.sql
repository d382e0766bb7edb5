-- Returns the properties that partitions of a table are to have and do not, each with the statements that set it.
--
-- Storage parameters only where the policy names them: otherwise they are those of the newest partition, and the older
-- ones were right in their time.
create or replace function public.partition_property_drift(parent regclass)
returns table (partition regclass, property text, item text, value text, statement text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with wanted as materialized (
        select w.*
        from public.wanted_partition_properties(parent) w
        where w.property <> 'storage parameter' or exists (
            select from public.partition_policies p
            where p.parent = partition_property_drift.parent and p.storage_parameters is not null
        )
    )
    select
        i.inhrelid::regclass,
        w.property,
        w.item,
        w.value,
        concat(
            case when w.property = 'policy' and has.present is not null then
                format('drop policy %s on %s; ', w.item, i.inhrelid::regclass)
            end,
            public.property_statement(i.inhrelid::regclass::text, w.property, w.item, w.value)
        )
    from pg_inherits i
    cross join lateral (
        select jsonb_object_agg(t.property || E'\n' || t.item, t.value) as properties
        from public.table_properties(i.inhrelid::regclass) t
    ) own
    cross join wanted w
    cross join lateral (select own.properties ->> (w.property || E'\n' || w.item) as present) has
    where i.inhparent = partition_property_drift.parent
        and not i.inhdetachpending
        and case w.property
            when 'privileges' then not string_to_array(w.value, ', ') <@ coalesce(string_to_array(has.present, ', '), '{}')
            else w.value is distinct from has.present
        end
    order by w.property <> 'owner', w.property, w.item, i.inhrelid::regclass::text;
$function$;

comment on function public.partition_property_drift(regclass) is
    'Returns the properties that partitions of a table are to have and do not, each with the statements that set it.';
