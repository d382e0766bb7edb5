-- Returns the properties that a partition of a table is to have: those of the table, as far as its policy says.
--
-- A partitioned table can hold no storage parameters: they are those of the policy, or of the newest partition.
-- In PL/pgSQL, which keeps its plan for the session: before PostgreSQL 18 a function in SQL is planned at each call.
create or replace function public.wanted_partition_properties(parent regclass)
returns table (property text, item text, value text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
begin
    return query
    with policy as (
        select p.inherit_privileges, coalesce(p.row_security, 'enable') as row_security, p.storage_parameters
        from (select) always
        left join public.partition_policies p on p.parent = wanted_partition_properties.parent
    )
    select t.property, t.item, t.value
    from policy
    cross join public.table_properties(wanted_partition_properties.parent) t
    where (t.property <> 'privileges' or coalesce(inherit_privileges, false))
        -- Copied policies would keep what they call from being dropped, and would not follow a change of their parent's.
        and (
            t.property not in ('row security', 'policy')
            or row_security = 'inherit'
            or row_security = 'enable' and t.value = 'enable'
        )
        and t.property <> 'storage parameter'
    union all
    select 'storage parameter', split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)
    from policy
    cross join unnest(storage_parameters) option
    union all
    select t.property, t.item, t.value
    from policy
    cross join lateral (
        -- By the identifier, because the bounds of thousands take longer to read than one takes to create.
        select i.inhrelid
        from pg_inherits i
        where i.inhparent = wanted_partition_properties.parent
        order by i.inhrelid desc
        limit 1
    ) newest
    cross join lateral public.table_properties(newest.inhrelid) t
    where policy.storage_parameters is null and t.property = 'storage parameter';
end
$function$;

comment on function public.wanted_partition_properties(regclass) is
    'Returns the properties that a partition of a table is to have: those of the table, as far as its policy says.';
