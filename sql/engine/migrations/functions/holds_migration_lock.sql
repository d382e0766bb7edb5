-- Tells whether this session holds the migration lock of this database.
create or replace function public.holds_migration_lock()
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    key constant bigint := hashtextextended('doramaflix-db migrations', 0);
begin
    return exists (
        select
        from pg_locks l
        where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.objsubid = 1
            and l.classid = ((key >> 32) & 4294967295)::oid and l.objid = (key & 4294967295)::oid
    );
end
$function$;

revoke execute on function public.holds_migration_lock() from public;

comment on function public.holds_migration_lock() is
    'Tells whether this session holds the migration lock of this database.';
