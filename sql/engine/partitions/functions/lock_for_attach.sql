-- Locks a partitioned table and its catch-all against everything, and what its foreign keys lead to against writers.
--
-- The caller has excluded the writers of the table already and done its work; it would be lost if a reader were given
-- the usual lock_timeout only once. So this tries for the lock up to ten times, for lock_timeout each, and lets the
-- readers that queued behind it through in between. Then it raises DF037: after an error of a lock, a caller would do
-- all of the work again. Locks last until the transaction ends.
create or replace function public.lock_for_attach(parent regclass, catch_all regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    related constant regclass[] := (
        select array_agg(distinct r.relation::regclass)
        from pg_constraint k
        cross join lateral (values (k.conrelid), (k.confrelid)) r (relation)
        join pg_class c on c.oid = r.relation and not c.relispartition
        where k.contype = 'f'
            and lock_for_attach.parent in (k.conrelid, k.confrelid)
            and r.relation <> lock_for_attach.parent
            -- ATTACH locks a table that one may only refer to; LOCK does not.
            and has_table_privilege(r.relation, 'update, delete, truncate')
    );
begin
    for attempt in 1..10 loop
        begin
            execute format('lock table only %s, only %s in access exclusive mode', parent, catch_all);
            if related is not null then
                execute format(
                    'lock table only %s in share row exclusive mode', array_to_string(related, ', only ')
                );
            end if;
            return;
        exception when lock_not_available then
            if attempt = 10 then
                exit;
            end if;
        end;
        perform pg_sleep(0.1);
    end loop;
    raise exception 'The rows of "%" were moved, and others left no moment to lock "%" for the end.', catch_all, parent
        using errcode = 'DF037', hint = 'All of it was undone. Wait for these sessions, or end them, and run it again.',
            detail = coalesce(
                (
                    select string_agg(
                        format(
                            '%s holds %s on %s', coalesce('process ' || l.pid, 'a prepared transaction'), l.mode,
                            l.relation::regclass
                        ),
                        '; ' order by l.pid
                    )
                    from pg_locks l
                    where l.pid is distinct from pg_backend_pid() and l.granted
                        and l.database = (select d.oid from pg_database d where d.datname = current_database())
                        and (
                            l.relation in (parent, catch_all)
                            or l.relation = any (related) and l.mode not in ('AccessShareLock', 'RowShareLock')
                        )
                ),
                'They are gone by now.'
            );
end
$function$;

revoke execute on function public.lock_for_attach(regclass, regclass) from public;

comment on function public.lock_for_attach(regclass, regclass) is
    'Locks a partitioned table and its catch-all against everything, and what its foreign keys lead to against writers.';
