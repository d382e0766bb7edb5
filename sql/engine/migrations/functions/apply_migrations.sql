-- Applies migrations in the given order, each in a transaction of its own, in one call.
--
-- `migrations` is an array of objects with the keys version, description, rollback_sql, irreversible, checksum and
-- statements: an array of strings that together are the text to run, cut where its statements begin. The text to be
-- recorded is up_sql if that is there too: it has variables where the statements have their values.
-- `settings` are set before each migration and after the last, whatever a migration has changed.
-- All commits but the last are asynchronous, so that the last one makes all of them durable with one flush of the
-- write-ahead log (1,000 migrations took 22 to 33 flushes, not a thousand). After a failure the caller must record it, which
-- commits synchronously, before it reports what was applied.
-- Notices of SQLSTATE DF100 (begins) and DF101 (applied) tell how far it is; their detail is the version.
create or replace procedure public.apply_migrations(migrations jsonb, settings jsonb default '{}')
language plpgsql
as $procedure$
declare
    last_index constant integer := pg_catalog.jsonb_array_length(migrations) operator(pg_catalog.-) 1;
    migration jsonb;
    statements text[];
    version text;
    up_text text;
    identity text[];
    -- Words without which a text changes no setting of the session, but for what a function does in its depths.
    can_set constant text := '\m(set|reset|set_config|select|do|call)\M';
begin
    perform public.set_session(settings);
    for index in 0..last_index loop
        migration := pg_catalog.jsonb_array_element(migrations, index);
        version := pg_catalog.jsonb_extract_path_text(migration, 'version');
        perform public.begin_migration(version);
        statements := array(
            select pg_catalog.jsonb_array_elements_text(pg_catalog.jsonb_extract_path(migration, 'statements'))
        );
        up_text := pg_catalog.array_to_string(statements, '');
        perform public.apply_migration(
            version => version,
            description => pg_catalog.jsonb_extract_path_text(migration, 'description'),
            rollback_sql => pg_catalog.jsonb_extract_path_text(migration, 'rollback_sql'),
            up_sql => coalesce(pg_catalog.jsonb_extract_path_text(migration, 'up_sql'), up_text),
            checksum => pg_catalog.jsonb_extract_path_text(migration, 'checksum'),
            statements => statements,
            irreversible => pg_catalog.jsonb_extract_path_text(migration, 'irreversible')
        );
        if index operator(pg_catalog.<) last_index then
            perform pg_catalog.set_config('synchronous_commit', 'off', true);
        end if;
        commit;
        identity := array[
            session_user::text, pg_catalog.current_setting('role'), pg_catalog.current_setting('search_path')
        ];
        reset session authorization;
        reset role;
        perform public.end_migration(version, settings, identity, up_text operator(pg_catalog.~*) can_set);
        commit;
    end loop;
end
$procedure$;

revoke execute on procedure public.apply_migrations(jsonb, jsonb) from public;

comment on procedure public.apply_migrations(jsonb, jsonb) is
    'Applies migrations in the given order, each in a transaction of its own, in one call.';
