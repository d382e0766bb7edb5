-- Chooses the way to refresh a populated materialized view, and says why.
--
-- Reasons: `no_unique_index` (so not concurrently), `cannot_swap` (so concurrently), `small`, `fast`, and where the
-- policy prefers little WAL `saves_wal`, `most_rows_change` or `bloated`.
--
-- REFRESH CONCURRENTLY compares the whole result with the view: with nothing changed it takes 2.5 to 5 times as long as
-- a plain refresh of a million rows, with all changed 12 to 20 times. A swap costs as much as a plain refresh, but it
-- needs a moment without readers; up to 10,000 rows the comparison takes some 30 ms and is not worth that.
create or replace function public.refresh_mode(view regclass)
returns table (mode text, reason text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    can_swap constant boolean := not exists (select from public.swap_obstacles(view));
    row_estimate constant real := (select c.reltuples from pg_class c where c.oid = refresh_mode.view);
    policy constant public.matview_policies := public.matview_policy(view);
begin
    if public.concurrent_refresh_index(view) is null then
        mode := case when can_swap then 'swap' else 'plain' end;
        reason := 'no_unique_index';
    elsif not can_swap or row_estimate between 0 and 10000 then
        mode := 'concurrently';
        reason := case when can_swap then 'small' else 'cannot_swap' end;
    elsif policy.prefer = 'wal' and coalesce(public.matview_bloat(view), 1) <= 2
        and public.expected_change_share(view) <= 0.5 then
        mode := 'concurrently';
        reason := 'saves_wal';
    else
        mode := 'swap';
        reason := case
            when policy.prefer is distinct from 'wal' then 'fast'
            when public.matview_bloat(view) > 2 then 'bloated'
            else 'most_rows_change'
        end;
    end if;
    return next;
end
$function$;

comment on function public.refresh_mode(regclass) is
    'Chooses the way to refresh a populated materialized view, and says why.';
