-- Runs REFRESH MATERIALIZED VIEW under a search_path; `mode` is plain or concurrently.
--
-- While it runs, the setting doramaflix_db.refreshing is "on", so that the event trigger does not record it too.
create or replace function public.run_refresh(view regclass, mode text, search_path text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set doramaflix_db.refreshing = 'on'
as $function$
declare
    -- The name is qualified, because it is written under the path above.
    statement constant text := format(
        'refresh materialized view %s %s', case mode when 'concurrently' then 'concurrently' end, view
    );
begin
    perform set_config('search_path', run_refresh.search_path, true);
    execute statement;
end
$function$;

revoke execute on function public.run_refresh(regclass, text, text) from public;

comment on function public.run_refresh(regclass, text, text) is
    'Runs REFRESH MATERIALIZED VIEW under a search_path; `mode` is plain or concurrently.';
