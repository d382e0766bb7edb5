-- Releases the advisory locks that this session holds beside the migration lock.
create or replace function public.release_advisory_locks()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    action text;
    released boolean;
begin
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

revoke execute on function public.release_advisory_locks() from public;

comment on function public.release_advisory_locks() is
    'Releases the advisory locks that this session holds beside the migration lock.';
