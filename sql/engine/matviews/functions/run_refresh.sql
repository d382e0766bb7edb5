-- Runs REFRESH MATERIALIZED VIEW under a search_path; `mode` is plain or concurrently.
--
-- While it runs, the setting doramaflix_db.refreshing is "on", so that the event trigger does not record it too. It is
-- set here and not by a SET clause, because only a superuser may create a function with one for such a setting.
create or replace function public.run_refresh(view regclass, mode text, search_path text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- The name is qualified, because it is written under the path above.
    statement constant text := format(
        'refresh materialized view %s %s', case mode when 'concurrently' then 'concurrently' end, view
    );
    refreshing_before constant text := coalesce(current_setting('doramaflix_db.refreshing', true), '');
begin
    perform set_config('doramaflix_db.refreshing', 'on', true);
    perform set_config('search_path', run_refresh.search_path, true);
    execute statement;
    perform pg_catalog.set_config('doramaflix_db.refreshing', refreshing_before, true);
end
$function$;

revoke execute on function public.run_refresh(regclass, text, text) from public;

comment on function public.run_refresh(regclass, text, text) is
    'Runs REFRESH MATERIALIZED VIEW under a search_path; `mode` is plain or concurrently.';
