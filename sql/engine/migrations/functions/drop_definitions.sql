-- Drops the objects of the given files of functions/ and views/ and of all files that depend on them; returns their paths.
--
-- Dependents go first, nothing goes with CASCADE: an object that is in no file and depends on one of these stops it.
-- Takes ACCESS EXCLUSIVE on each view that it drops.
create or replace function public.drop_definitions(paths text[])
returns text[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    doomed record;
    dropped text[] := '{}';
begin
    for doomed in
        with recursive dependent (path, distance) as (
            select unnest(paths), 0
            union
            select r.path, dependent.distance + 1
            from dependent
            join public.definition_objects() o on o.path = dependent.path
            join public.definition_references() r on (r.classid, r.objid) = (o.classid, o.objid)
        )
        select o.path, max(address.type) as type, o.identity
        from dependent
        join public.definition_objects() o on o.path = dependent.path
        cross join lateral pg_identify_object(o.classid, o.objid, 0) address
        group by o.path, o.identity
        order by max(dependent.distance) desc, o.path
    loop
        execute format('drop %s %s', doomed.type, doomed.identity);
        update public.schema_definitions d set dropped_at = clock_timestamp() where d.path = doomed.path;
        dropped := dropped || doomed.path;
    end loop;
    return dropped;
end
$function$;

revoke execute on function public.drop_definitions(text[]) from public;

comment on function public.drop_definitions(text[]) is
    'Drops the objects of the given files of functions/ and views/ and of all files that depend on them; returns their paths.';
