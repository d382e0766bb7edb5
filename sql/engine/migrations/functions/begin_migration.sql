-- Prepares the session for a migration: sets `settings`, names it in pg_stat_activity and raises notice DF100.
create or replace function public.begin_migration(version text, settings jsonb)
returns void
language plpgsql
volatile
as $function$
begin
    perform pg_catalog.set_config(setting.key, setting.value, false)
    from pg_catalog.jsonb_each_text(settings) setting;
    -- A name of more than 63 bytes is cut by the server.
    perform pg_catalog.set_config('application_name', pg_catalog.concat('doramaflix-db: ', version), false);
    raise notice 'Applying %.', version using errcode = 'DF100', detail = version;
end
$function$;

revoke execute on function public.begin_migration(text, jsonb) from public;

comment on function public.begin_migration(text, jsonb) is
    'Prepares the session for a migration: sets `settings`, names it in pg_stat_activity and raises notice DF100.';
