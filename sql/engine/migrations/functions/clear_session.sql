-- Puts the session back to its defaults and to `settings`, and takes away what would live as long as it does, but for locks.
--
-- RESET ALL leaves role and temporary objects alone, and DISCARD ALL would take the migration lock away: hence these.
-- release_advisory_locks() releases the others.
create or replace function public.clear_session(settings jsonb)
returns void
language plpgsql
volatile
as $function$
declare
    action text;
begin
    reset session authorization;
    reset role;
    reset all;
    discard temp;
    deallocate all;
    unlisten *;
    perform public.set_session(settings);
    for action in select pg_catalog.format('close %I', c.name) from pg_catalog.pg_cursors c where c.is_holdable loop
        execute action;
    end loop;
end
$function$;

revoke execute on function public.clear_session(jsonb) from public;

comment on function public.clear_session(jsonb) is
    'Puts the session back to its defaults and to `settings`, and takes away what would live as long as it does, but for locks.';
