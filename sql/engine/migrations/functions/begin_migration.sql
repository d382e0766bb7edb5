-- Names a migration in pg_stat_activity and raises notice DF100, whose detail is the version.
create or replace function public.begin_migration(version text)
returns void
language plpgsql
volatile
as $function$
begin
    -- The type name is cut to 63 bytes, between characters; a longer text would be cut with a notice to the user.
    perform pg_catalog.set_config(
        'application_name', pg_catalog.concat('doramaflix-db: ', version)::pg_catalog.name::text, false
    );
    raise notice 'Applying %.', version using errcode = 'DF100', detail = version;
end
$function$;

revoke execute on function public.begin_migration(text) from public;

comment on function public.begin_migration(text) is
    'Names a migration in pg_stat_activity and raises notice DF100, whose detail is the version.';
