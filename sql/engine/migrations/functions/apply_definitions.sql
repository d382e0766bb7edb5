-- Applies files of functions/ and views/ in the given order, all in one transaction; returns the paths that changed.
--
-- `definitions` is an array of objects with the keys path, kind ("function" or "view"), name, refers_to, checksum and
-- definition. Notice DF100 begins and DF101 ends each file that changed; their detail is the path.
create or replace function public.apply_definitions(definitions jsonb)
returns setof text
language plpgsql
volatile
as $function$
declare
    file record;
begin
    for file in
        select * from pg_catalog.jsonb_to_recordset(definitions)
            d (path text, kind text, name text, refers_to text[], checksum text, definition text)
    loop
        if public.apply_definition(
            file.path, file.kind, file.name, file.refers_to, file.checksum, file.definition
        ) then
            raise notice 'Applied %.', file.path using errcode = 'DF101', detail = file.path;
            return next file.path;
        end if;
    end loop;
    perform public.swap_definitions();
end
$function$;

revoke execute on function public.apply_definitions(jsonb) from public;

comment on function public.apply_definitions(jsonb) is
    'Applies files of functions/ and views/ in the given order, all in one transaction; returns the paths that changed.';
