-- Counts the rows that a converted table has got outside of the table of before: those that undoing has to move.
--
-- Reads the newer partitions, whose size is the time it takes; nobody waits for it.
create or replace function public.conversion_newer_rows(relation regclass)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    partition regclass;
    rows bigint;
    total bigint := 0;
begin
    for partition in
        select i.inhrelid
        from public.find_conversion(relation) f
        join pg_inherits i on i.inhparent = relation and i.inhrelid <> f.original
        where f.state = 'converted'
    loop
        execute format('select count(*) from %s', partition) into rows;
        total := total + rows;
    end loop;
    return total;
end
$function$;

comment on function public.conversion_newer_rows(regclass) is
    'Counts the rows that a converted table has got outside of the table of before: those that undoing has to move.';
