-- Puts the session back to its defaults and to `settings` after a migration, and raises notice DF101.
--
-- RESET ALL leaves role and temporary objects alone, and DISCARD ALL would take the migration lock away: hence these.
create or replace function public.end_migration(version text, settings jsonb)
returns void
language plpgsql
volatile
as $function$
begin
    reset session authorization;
    reset role;
    reset all;
    discard temp;
    perform public.set_session(settings);
    raise notice 'Applied %.', version using errcode = 'DF101', detail = version;
end
$function$;

revoke execute on function public.end_migration(text, jsonb) from public;

comment on function public.end_migration(text, jsonb) is
    'Puts the session back to its defaults and to `settings` after a migration, and raises notice DF101.';
