-- Returns the present values of the given settings, as an object of names and values.
create or replace function public.session_settings(settings jsonb)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select coalesce(jsonb_object_agg(name, current_setting(name, true)), '{}') from jsonb_object_keys(settings) name;
$function$;

comment on function public.session_settings(jsonb) is
    'Returns the present values of the given settings, as an object of names and values.';
