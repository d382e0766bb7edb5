-- Returns the name of a partition: that of its parent with a suffix, in at most 63 bytes.
--
-- PostgreSQL would cut a longer one silently, so that all partitions of the table had one name. Here the parent's part
-- is cut, between characters, and gets a digest of the whole, which keeps tables apart whose names begin alike.
create or replace function public.partition_name(parent regclass, suffix text)
returns name
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    whole constant text := (select c.relname from pg_class c where c.oid = parent);
    digest constant text := '_' || left(md5(whole), 8);
    ending text := '_' || suffix;
    start text := whole;
begin
    if octet_length(whole || ending) > 63 then
        ending := digest || ending;
        while octet_length(start || ending) > 63 loop
            start := left(start, -1);
        end loop;
    end if;
    return start || ending;
end
$function$;

comment on function public.partition_name(regclass, text) is
    'Returns the name of a partition: that of its parent with a suffix, in at most 63 bytes.';
