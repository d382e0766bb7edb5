-- Records a refresh that somebody ran by hand or by another program; called by the event trigger of the same name.
--
-- Its mode is known by the file of the view, which only a plain refresh replaces, when a refresh before it was
-- recorded. The state of the tables below at its begin is not known, so what changed since is still counted from the
-- refresh before. What goes wrong here is a warning, because it must not stop the refresh. Runs with the rights of its
-- owner, for whoever may refresh the view.
create or replace function public.record_foreign_refresh()
returns event_trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    if current_setting('doramaflix_db.refreshing', true) = 'on' then
        return;
    end if;
    insert into public.matview_refreshes (
        schema_name, view_name, started_at, duration, mode, reason, row_count, total_bytes, storage
    )
    select
        n.nspname, c.relname, statement_timestamp(), clock_timestamp() - statement_timestamp(),
        case
            when pg_relation_filenode(c.oid) <> before.storage then 'plain'
            when before.storage is not null then 'concurrently'
        end,
        'by_others', nullif(c.reltuples, -1), pg_total_relation_size(c.oid), pg_relation_filenode(c.oid)
    from pg_event_trigger_ddl_commands() command
    join pg_class c on c.oid = command.objid and c.relkind = 'm'
    join pg_namespace n on n.oid = c.relnamespace
    left join lateral (
        select r.storage
        from public.matview_refreshes r
        where r.schema_name = n.nspname and r.view_name = c.relname and r.storage is not null
        order by r.refresh_id desc
        limit 1
    ) before on true
    where command.classid = 'pg_class'::regclass;
exception when others then
    raise warning 'The refresh is not recorded in matview_refreshes: %', sqlerrm;
end
$function$;

revoke execute on function public.record_foreign_refresh() from public;

comment on function public.record_foreign_refresh() is
    'Records a refresh that somebody ran by hand or by another program; called by the event trigger of the same name.';
