-- Rolls migrations back in the given order, newest first, each in a transaction of its own, in one call.
--
-- `migrations` is an array of objects with the key version, and statements as in rollback_migration. Settings, commits
-- and notices are those of apply_migrations.
create or replace procedure public.rollback_migrations(migrations jsonb, settings jsonb default '{}')
language plpgsql
as $procedure$
declare
    last_index constant integer := pg_catalog.jsonb_array_length(migrations) operator(pg_catalog.-) 1;
    migration jsonb;
    version text;
    identity text[];
begin
    perform public.set_session(settings);
    for index in 0..last_index loop
        migration := pg_catalog.jsonb_array_element(migrations, index);
        version := pg_catalog.jsonb_extract_path_text(migration, 'version');
        perform public.begin_migration(version);
        perform public.rollback_migration(version, pg_catalog.jsonb_extract_path_text(migration, 'statements'));
        if index operator(pg_catalog.<) last_index then
            perform pg_catalog.set_config('synchronous_commit', 'off', true);
        end if;
        commit;
        identity := array[
            session_user::text, pg_catalog.current_setting('role'), pg_catalog.current_setting('search_path')
        ];
        reset session authorization;
        reset role;
        perform public.end_migration(version, settings, identity);
        commit;
    end loop;
end
$procedure$;

revoke execute on procedure public.rollback_migrations(jsonb, jsonb) from public;

comment on procedure public.rollback_migrations(jsonb, jsonb) is
    'Rolls migrations back in the given order, newest first, each in a transaction of its own, in one call.';
