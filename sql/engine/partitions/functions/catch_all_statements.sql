-- Returns the statements that create the catch-all partition that the policy of a table wants; none where it has one.
--
-- A tail begins where the last partition ends: at the given moment, in UTC, or later.
create or replace function public.catch_all_statements(parent regclass, begins timestamp default '-infinity')
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    encoding constant text := (select k.encoding from public.partition_key(parent) k);
    wanted constant text := (select p.catch_all from public.partition_policies p where p.parent = catch_all_statements.parent);
    bounds text := 'default';
begin
    if wanted is null or wanted = 'none' or exists (select from public.catch_all_of(parent) c where c.kind = wanted) then
        return;
    end if;
    if wanted = 'tail' then
        begins := greatest(begins, (select max(o.upper_bound) from public.partitions_of(parent) o));
        if coalesce(begins, '-infinity') = '-infinity' then
            raise exception 'Table "%" has no partition that its tail could begin after.', parent
                using errcode = 'DF025', hint = 'Create a partition first: "doramaflix-db partitions create".';
        end if;
        bounds := public.partition_bounds(begins, 'infinity', encoding);
    end if;
    return query select public.new_partition_statements(
        parent,
        format(
            '%s.%I',
            (select c.relnamespace::regnamespace from pg_class c where c.oid = parent),
            public.partition_name(parent, wanted)
        ),
        bounds
    );
end
$function$;

comment on function public.catch_all_statements(regclass, timestamp) is
    'Returns the statements that create the catch-all partition that the policy of a table wants; none where it has one.';
