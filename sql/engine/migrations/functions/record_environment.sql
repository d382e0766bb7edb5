-- Records which environment this database is, on this cluster; what is recorded already stays unless `anew`.
create or replace function public.record_environment(name text, anew boolean default false)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    if anew then
        delete from public.schema_environment;
    end if;
    insert into public.schema_environment (name, system_identifier)
    values (record_environment.name, public.cluster_identifier())
    on conflict do nothing;
end
$function$;

revoke execute on function public.record_environment(text, boolean) from public;

comment on function public.record_environment(text, boolean) is
    'Records which environment this database is, on this cluster; what is recorded already stays unless `anew`.';
