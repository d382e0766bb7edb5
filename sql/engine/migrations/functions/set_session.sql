-- Changes settings of the session, given as an object of names and values.
create or replace function public.set_session(settings jsonb)
returns void
language plpgsql
volatile
as $function$
begin
    perform pg_catalog.set_config(setting.key, setting.value, false)
    from pg_catalog.jsonb_each_text(settings) setting;
end
$function$;

revoke execute on function public.set_session(jsonb) from public;

comment on function public.set_session(jsonb) is
    'Changes settings of the session, given as an object of names and values.';
