-- Locks views against everybody, for a short moment at a time, until all are locked or `patience` is over.
--
-- Whoever reads queues behind a session that waits for this lock, and behind the locks that it has already; so it waits
-- 20 ms at most for all together, lets go of all, pauses, and tries again. LOCK TABLE knows no materialized views and
-- locks with a view what it reads: giving a view to the owner that it has takes the same lock, ACCESS EXCLUSIVE, and
-- changes nothing. Ends with 55P03 when patience is over.
create or replace function public.lock_views(views regclass[], patience interval)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    timeout_before constant text := current_setting('lock_timeout');
    give_up_at constant timestamptz := clock_timestamp() + patience;
    let_go_at timestamptz;
    statement text;
begin
    loop
        begin
            let_go_at := clock_timestamp() + interval '20 milliseconds';
            for statement in
                select format(
                    'alter %s %s owner to %I',
                    case c.relkind when 'm' then 'materialized view' else 'view' end,
                    c.oid::regclass,
                    pg_get_userbyid(c.relowner)
                )
                from pg_class c
                where c.oid = any (views)
                order by c.oid
            loop
                -- Zero would mean to wait for ever.
                perform set_config(
                    'lock_timeout',
                    greatest(1, ceil(extract(epoch from let_go_at - clock_timestamp()) * 1000)) || 'ms',
                    true
                );
                execute statement;
            end loop;
            perform set_config('lock_timeout', timeout_before, true);
            return;
        exception when lock_not_available then
            if clock_timestamp() > give_up_at then
                raise;
            end if;
        end;
        perform pg_sleep(0.05 + random() * 0.15);
    end loop;
end
$function$;

revoke execute on function public.lock_views(regclass[], interval) from public;

comment on function public.lock_views(regclass[], interval) is
    'Locks views against everybody, for a short moment at a time, until all are locked or `patience` is over.';
