-- Runs a file of functions/ or views/ where its object is to stand, and returns what it created and the files whose
-- objects had to be dropped for that.
--
-- A materialized view that was created is analyzed, and recorded as refreshed.
create or replace function public.create_definition(
    path text, kind text, name text, definition text, search_path text, out created text[], out dropped text[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    places_before text[];
    begun record;
begin
    select array_agg(o.place) into places_before from public.objects_named(kind, name, search_path) o;
    if kind = 'view' then
        select * into begun from public.begin_build();
    end if;
    dropped := public.run_statements(array[definition], search_path, path);
    select array_agg(o.identity) into created
    from public.objects_named(kind, name, search_path) o
    where o.place <> all (places_before) is not false;
    if exists (
        select from public.definition_objects() o where o.path = create_definition.path and o.identity <> all (created)
    ) then
        dropped := dropped || public.drop_definitions(array[path]);
        perform public.run_statements(array[definition], search_path);
    end if;
    if kind = 'view' then
        perform public.end_build(
            c.oid, c.relnamespace, case when path = any (dropped) then 'redefined' else 'created' end,
            begun.started_at, begun.wal_position, begun.inheritance
        )
        from pg_class c
        where c.oid = any (created::regclass[]);
    end if;
end
$function$;

revoke execute on function public.create_definition(text, text, text, text, text) from public;

comment on function public.create_definition(text, text, text, text, text) is
    'Runs a file of functions/ or views/ where its object is to stand, and returns what it created and the files whose objects had to be dropped for that.';
