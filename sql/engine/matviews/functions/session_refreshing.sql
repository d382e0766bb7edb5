-- Returns the process of another session that is refreshing a materialized view, or null.
--
-- A concurrent refresh holds EXCLUSIVE, a plain one ACCESS EXCLUSIVE; a swap holds nothing until its end, so every
-- refresh by the toolkit takes an advisory lock too (the class is "mvrf" in ASCII).
create or replace function public.session_refreshing(view regclass)
returns integer
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select l.pid
    from pg_locks l
    where l.database = (select d.oid from pg_database d where d.datname = current_database())
        and l.pid <> pg_backend_pid() and l.granted
        and case l.locktype
            when 'relation' then
                l.relation = session_refreshing.view and l.mode in ('ExclusiveLock', 'AccessExclusiveLock')
            when 'advisory' then
                l.classid = 1836479078 and l.objid = session_refreshing.view and l.objsubid = 2
        end
    order by l.pid
    limit 1;
$function$;

comment on function public.session_refreshing(regclass) is
    'Returns the process of another session that is refreshing a materialized view, or null.';
