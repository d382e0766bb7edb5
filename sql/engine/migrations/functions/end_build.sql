-- Analyzes a materialized view that was created after begin_build() and records that as a refresh.
--
-- `schema_id` is the schema in which it is to stand. The state of the tables below is unknown where a partition came
-- or went meanwhile. Does nothing for other relations and for a view without contents.
create or replace function public.end_build(
    view regclass, schema_id oid, reason text, started_at timestamptz, wal_position pg_lsn, inheritance text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    result public.matview_refreshes;
begin
    if not exists (select from pg_class c where c.oid = view and c.relkind = 'm' and c.relispopulated) then
        return;
    end if;
    execute format('analyze %s', view);
    if end_build.inheritance is not distinct from (
        select md5(string_agg(format('%s %s', i.inhrelid, i.inhparent), ',' order by i.inhrelid, i.inhparent))
        from pg_inherits i
    ) then
        perform public.save_base_states(view);
    end if;
    select n.nspname, c.relname, case when c.relnamespace = n.oid or end_build.reason = 'created' then 'plain' else 'swap' end
    into result.schema_name, result.view_name, result.mode
    from pg_class c
    join pg_namespace n on n.oid = end_build.schema_id
    where c.oid = view;
    result.started_at := end_build.started_at;
    result.reason := end_build.reason;
    result.wal_bytes := pg_wal_lsn_diff(end_build.wal_position, '0/0');
    perform public.record_refresh(view, result);
end
$function$;

revoke execute on function public.end_build(regclass, oid, text, timestamptz, pg_lsn, text) from public;

comment on function public.end_build(regclass, oid, text, timestamptz, pg_lsn, text) is
    'Analyzes a materialized view that was created after begin_build() and records that as a refresh.';
