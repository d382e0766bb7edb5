-- Returns what tells a session from all others of this server, also from a later one with the same process number.
--
-- Null when there is no such session, or when the caller may not see when it began: it must be one of the same role.
create or replace function public.session_identity(process_id integer default pg_backend_pid())
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select a.pid || '@' || extract(epoch from a.backend_start)
    from pg_stat_get_activity(session_identity.process_id) a
    where a.backend_start is not null;
$function$;

comment on function public.session_identity(integer) is
    'Returns what tells a session from all others of this server, also from a later one with the same process number.';
