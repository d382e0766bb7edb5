-- Locks views that are to be replaced as lock_views() does, for swap_patience(); ends with DF054 when that is over.
create or replace function public.lock_replaced_views(views regclass[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform public.lock_views(views, public.swap_patience());
exception when lock_not_available then
    raise exception 'The new views are built, and readers of the old ones leave no moment to put them in their places.'
        using errcode = 'DF054', detail = coalesce(
            (
                select string_agg(format('process %s holds %s on %s', l.pid, l.mode, l.relation::regclass), '; ' order by l.pid)
                from pg_locks l
                where l.relation = any (views) and l.pid <> pg_backend_pid() and l.granted
                    and l.database = (select d.oid from pg_database d where d.datname = current_database())
            ),
            -- RAISE refuses a detail that is null.
            'They are gone by now.'
        );
end
$function$;

revoke execute on function public.lock_replaced_views(regclass[]) from public;

comment on function public.lock_replaced_views(regclass[]) is
    'Locks views that are to be replaced as lock_views() does, for swap_patience(); ends with DF054 when that is over.';
