-- Lists what a migration has left in the session, as words for a reader; `settings` are those that the session has on purpose.
--
-- Role and search_path are not seen from here, where a search_path is set. Settings are looked through only where `with_settings` asks for it: that takes 0.55 ms, all the rest 0.04 ms.
create or replace function public.session_leaks(settings jsonb, with_settings boolean)
returns setof text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    if with_settings then
        return query
            select format('setting %s', s.name)
            from pg_settings s
            where s.source = 'session' and s.name not in ('application_name', 'synchronous_commit', 'search_path')
                and not settings ? s.name
            order by s.name;
    end if;
    return query select format('prepared statement %s', p.name) from pg_prepared_statements p where p.from_sql;
    return query select format('cursor %s', c.name) from pg_cursors c where c.is_holdable;
    return query select format('LISTEN %s', channel) from pg_listening_channels() channel;
    return query select l.lock from public.advisory_locks_left() l;
    if pg_my_temp_schema() <> 0 then
        return query
            select format(
                'temporary %s %s', case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.relname
            )
            from pg_class c
            where c.relnamespace = pg_my_temp_schema() and c.relkind in ('r', 'p', 'v', 'S', 'f')
            union all
            select format('temporary function %s', p.proname) from pg_proc p where p.pronamespace = pg_my_temp_schema();
    end if;
end
$function$;

revoke execute on function public.session_leaks(jsonb, boolean) from public;

comment on function public.session_leaks(jsonb, boolean) is
    'Lists what a migration has left in the session, as words for a reader; `settings` are those that the session has on purpose.';
