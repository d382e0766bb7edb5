-- Decides whether and how a materialized view is to be refreshed now, and why; `mode` is null where it need not be.
--
-- Reasons for not: `unchanged`, `not_due` (only time can have changed it, and its policy's interval is not over),
-- `being_refreshed` (by another session). For a way: `not_populated`, `forced`, and those of refresh_mode(). `given` is
-- auto, plain, concurrently or swap; with one of the last three it is refreshed whether something has changed or not.
-- Ends with DF055 where a swap is forced and something is in its way, before a copy is built in vain.
create or replace function public.refresh_decision(view regclass, given text default 'auto')
returns table (mode text, reason text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    is_populated constant boolean := (select c.relispopulated from pg_class c where c.oid = refresh_decision.view);
    policy public.matview_policies;
    obstacles text;
begin
    if public.session_refreshing(view) is not null then
        reason := 'being_refreshed';
    elsif not is_populated then
        mode := 'plain';
        reason := 'not_populated';
    elsif given <> 'auto' then
        -- Who may not act as the owner learns that first, from the refresh itself.
        if given = 'swap' and (select pg_has_role(c.relowner, 'usage') from pg_class c where c.oid = view) then
            select string_agg(o, '; ' order by o) into obstacles from public.swap_obstacles(view) o;
            if obstacles is not null then
                raise exception 'Materialized view % cannot be refreshed by a swap: %.', view, obstacles
                    using errcode = 'DF055', hint = 'With the mode "auto" the best way that is left is taken.';
            end if;
        end if;
        mode := given;
        reason := 'forced';
    elsif (select b.state from public.base_changes(view) b) = 'unchanged' then
        policy := public.matview_policy(view);
        if cardinality(public.changes_without_bases(view)) = 0 then
            reason := 'unchanged';
        elsif not public.matview_is_due(view, policy.every) then
            reason := 'not_due';
        end if;
    end if;
    if reason is null then
        select m.mode, m.reason into refresh_decision.mode, refresh_decision.reason from public.refresh_mode(view) m;
    end if;
    return next;
end
$function$;

comment on function public.refresh_decision(regclass, text) is
    'Decides whether and how a materialized view is to be refreshed now, and why; `mode` is null where it need not be.';
