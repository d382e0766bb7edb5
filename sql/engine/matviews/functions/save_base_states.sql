-- Writes down in what state the tables below a materialized view are; to be called before its refresh begins.
--
-- A count that is read before the query's snapshot is taken holds nothing that the query does not see, so a change is
-- never missed; at worst a view is refreshed once too often.
create or replace function public.save_base_states(view regclass)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    delete from public.matview_base_states s
    where s.view_oid = save_base_states.view
        or (s.view_oid, s.base_oid) in (
            -- What is left of views that have gone; what another session is deleting need not be waited for.
            select o.view_oid, o.base_oid
            from public.matview_base_states o
            where not exists (select from pg_class c where c.oid = o.view_oid and c.relkind = 'm')
            for update skip locked
        );
    insert into public.matview_base_states (view_oid, base_oid, change_count, storage, statistics_epoch)
    select save_base_states.view, s.base, s.change_count, s.storage, public.statistics_epoch()
    from public.base_states(save_base_states.view) s;
$function$;

revoke execute on function public.save_base_states(regclass) from public;

comment on function public.save_base_states(regclass) is
    'Writes down in what state the tables below a materialized view are; to be called before its refresh begins.';
