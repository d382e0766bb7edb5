-- Returns how long a run waits for the locks of a swap: all of its attempts together.
--
-- The tool says so in a setting; without it, ten times lock_timeout, and without that a day.
create or replace function public.swap_patience()
returns interval
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select coalesce(
        nullif(current_setting('doramaflix_db.lock_patience', true), '')::interval,
        10 * nullif(current_setting('lock_timeout')::interval, '0'),
        '1 day'
    );
$function$;

comment on function public.swap_patience() is
    'Returns how long a run waits for the locks of a swap: all of its attempts together.';
