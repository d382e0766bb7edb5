-- Returns the process of the session that holds the lock of the leading scheduler of this database, or null.
--
-- The lock is hashtext('doramaflix-db schedule') with 0; the same with 1 is that of the run in hand.
create or replace function public.schedule_leader()
returns integer
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select l.pid
    from pg_locks l
    where l.locktype = 'advisory'
        and l.granted
        and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and l.classid = (hashtext('doramaflix-db schedule')::bigint & 4294967295)::oid
        and l.objid = 0
        and l.objsubid = 2;
$function$;

comment on function public.schedule_leader() is
    'Returns the process of the session that holds the lock of the leading scheduler of this database, or null.';
