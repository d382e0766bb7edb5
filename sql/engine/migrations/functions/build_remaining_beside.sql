-- Builds the views of files that read one that is being replaced and have not been built, because their files are gone.
create or replace function public.build_remaining_beside()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    remaining record;
begin
    for remaining in
        select c.relnamespace, c.relname, d.definition, d.search_path
        from public.beside_views() b
        cross join lateral public.views_above(b.replaced) a
        join public.schema_definitions d on d.path = a.path
        join pg_class c on c.oid = a.above
        where a.above not in (select r.replaced from public.beside_views() r where r.replaced is not null)
        group by c.oid, d.path
        order by max(a.distance)
    loop
        perform public.build_beside(remaining.definition, remaining.search_path, remaining.relnamespace, remaining.relname);
    end loop;
end
$function$;

revoke execute on function public.build_remaining_beside() from public;

comment on function public.build_remaining_beside() is
    'Builds the views of files that read one that is being replaced and have not been built, because their files are gone.';
