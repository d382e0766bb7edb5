-- Puts the session back to its defaults and to `settings`, and takes away all else that would live as long as it does.
--
-- RESET ALL leaves role and temporary objects alone, and DISCARD ALL would take the migration lock away: hence these.
create or replace function public.clear_session(settings jsonb)
returns void
language plpgsql
volatile
as $function$
declare
    action text;
    released boolean;
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
    loop
        -- One that was taken several times is released as often.
        select l.release into action from public.advisory_locks_left() l limit 1;
        exit when not found;
        execute action into released;
        -- One that ends with the transaction cannot be released.
        exit when not released;
    end loop;
end
$function$;

revoke execute on function public.clear_session(jsonb) from public;

comment on function public.clear_session(jsonb) is
    'Puts the session back to its defaults and to `settings`, and takes away all else that would live as long as it does.';
