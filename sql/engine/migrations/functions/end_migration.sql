-- Clears the session after a migration and raises notice DF101; warning DF103 names what the migration had left there.
--
-- `settings` are those of set_session. `identity` is session user, role and search_path as the migration left them; the
-- caller has put the first two back, because a role that a migration left may not call this. `with_settings` also looks
-- for settings that it left; they are reset in any case.
create or replace function public.end_migration(
    version text, settings jsonb, identity text[] default null, with_settings boolean default true
)
returns void
language plpgsql
volatile
as $function$
declare
    leaks text[] := array(select public.session_leaks(settings, with_settings));
    settings_before constant jsonb := public.session_settings(settings);
begin
    perform public.clear_session(settings);
    -- Each look at pg_locks takes 0.1 ms, and one has been taken for the leaks.
    if pg_catalog.array_to_string(leaks, ' ') operator(pg_catalog.~) 'advisory lock' then
        perform public.release_advisory_locks();
    end if;
    leaks := leaks operator(pg_catalog.||) array(
        select pg_catalog.concat('setting ', now.key)
        from pg_catalog.jsonb_each(public.session_settings(settings)) now
        where now.value operator(pg_catalog.<>) pg_catalog.jsonb_object_field(settings_before, now.key)
    );
    leaks := leaks operator(pg_catalog.||) array(
        select pg_catalog.concat(kind, ' ', before)
        from (values
            ('session authorization', identity[1], session_user::text),
            ('role', identity[2], pg_catalog.current_setting('role')),
            ('search_path', identity[3], pg_catalog.current_setting('search_path'))
        ) each (kind, before, now)
        where before operator(pg_catalog.<>) now
    );
    if pg_catalog.cardinality(leaks) operator(pg_catalog.>) 0 then
        raise warning 'Migration "%" left in the session: %. All of it was taken away again.',
            version, pg_catalog.array_to_string(leaks, ', ')
            using errcode = 'DF103',
                hint = 'SET LOCAL, pg_advisory_xact_lock and ON COMMIT DROP end with the transaction.';
    end if;
    raise notice 'Applied %.', version using errcode = 'DF101', detail = version;
end
$function$;

revoke execute on function public.end_migration(text, jsonb, text[], boolean) from public;

comment on function public.end_migration(text, jsonb, text[], boolean) is
    'Clears the session after a migration and raises notice DF101; warning DF103 names what the migration had left there.';
