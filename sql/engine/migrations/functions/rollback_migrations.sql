-- Rolls migrations back in the given order, newest first, each in a transaction of its own, in one call.
--
-- `versions` is an array of strings. Settings, commits and notices are those of apply_migrations.
create or replace procedure public.rollback_migrations(versions jsonb, settings jsonb default '{}')
language plpgsql
as $procedure$
declare
    last_index constant integer := pg_catalog.jsonb_array_length(versions) operator(pg_catalog.-) 1;
    migration text;
begin
    perform public.set_session(settings);
    for index in 0..last_index loop
        migration := pg_catalog.jsonb_array_element_text(versions, index);
        perform public.begin_migration(migration);
        perform public.rollback_migration(migration);
        if index operator(pg_catalog.<) last_index then
            perform pg_catalog.set_config('synchronous_commit', 'off', true);
        end if;
        commit;
        perform public.end_migration(migration, settings);
        commit;
    end loop;
end
$procedure$;

revoke execute on procedure public.rollback_migrations(jsonb, jsonb) from public;

comment on procedure public.rollback_migrations(jsonb, jsonb) is
    'Rolls migrations back in the given order, newest first, each in a transaction of its own, in one call.';
