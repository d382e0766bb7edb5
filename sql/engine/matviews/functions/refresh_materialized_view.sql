-- Refreshes one materialized view if something has changed, in the way that costs least and lets everybody read.
--
-- Returns what was recorded, or, where nothing was to be done, a row without `refresh_id` whose `reason` says why.
-- `mode` is auto, or plain, concurrently or swap to force one. Waits for locks for `patience` at most.
create or replace function public.refresh_materialized_view(
    view regclass, mode text default 'auto', patience interval default '10 seconds'
)
returns public.matview_refreshes
language sql
volatile
as $function$
    select public.finish_refresh(
        public.prepare_refresh(view, mode, pg_catalog.current_setting('search_path')),
        patience,
        pg_catalog.current_setting('search_path')
    );
$function$;

revoke execute on function public.refresh_materialized_view(regclass, text, interval) from public;

comment on function public.refresh_materialized_view(regclass, text, interval) is
    'Refreshes one materialized view if something has changed, in the way that costs least and lets everybody read.';
