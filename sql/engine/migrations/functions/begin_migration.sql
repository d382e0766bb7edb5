-- Makes sure of the migration lock, names a migration in pg_stat_activity, and raises notice DF100, whose detail is the version.
--
-- The lock is taken once more before each migration, because the text of the one before may have released it, or a
-- connection pooler may have given us another session; where another session has it, error DF009. It is released by the
-- end of the session. To look in pg_locks whether it is held took 0.1 ms a migration.
-- A session whose commits are asynchronous by default gets them synchronous, or what is reported could still be lost.
create or replace function public.begin_migration(version text)
returns void
language plpgsql
volatile
as $function$
begin
    if not pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended('doramaflix-db migrations', 0)) then
        raise exception 'Another session holds the migration lock of this database.'
            using errcode = 'DF009', hint = 'Run it again when the other run has ended.';
    end if;
    if pg_catalog.current_setting('synchronous_commit') operator(pg_catalog.=) 'off' then
        perform pg_catalog.set_config('synchronous_commit', 'local', false);
    end if;
    -- The type name is cut to 63 bytes, between characters; a longer text would be cut with a notice to the user.
    perform pg_catalog.set_config(
        'application_name', pg_catalog.concat('doramaflix-db: ', version)::pg_catalog.name::text, false
    );
    raise notice 'Applying %.', version using errcode = 'DF100', detail = version;
end
$function$;

revoke execute on function public.begin_migration(text) from public;

comment on function public.begin_migration(text) is
    'Makes sure of the migration lock, names a migration in pg_stat_activity, and raises notice DF100, whose detail is the version.';
