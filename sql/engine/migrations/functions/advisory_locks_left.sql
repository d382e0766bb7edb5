-- Lists the advisory locks that this session holds beside the migration lock, with the call that releases each once.
create or replace function public.advisory_locks_left()
returns table (lock text, release text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    key constant bigint := hashtextextended('doramaflix-db migrations', 0);
begin
    return query
        select format('advisory lock %s', k.text),
            format(
                'select pg_catalog.pg_advisory_unlock%s(%s)',
                case l.mode when 'ShareLock' then '_shared' else '' end, k.text
            )
        from pg_locks l
        cross join lateral (
            select case l.objsubid
                when 1 then (l.classid::bigint << 32 | l.objid::bigint)::text
                else concat_ws(', ', l.classid::bigint::bit(32)::integer, l.objid::bigint::bit(32)::integer)
            end
        ) k (text)
        where l.locktype = 'advisory' and l.pid = pg_backend_pid()
            and (l.classid::bigint, l.objid::bigint, l.objsubid) <> ((key >> 32) & 4294967295, key & 4294967295, 1);
end
$function$;

revoke execute on function public.advisory_locks_left() from public;

comment on function public.advisory_locks_left() is
    'Lists the advisory locks that this session holds beside the migration lock, with the call that releases each once.';
