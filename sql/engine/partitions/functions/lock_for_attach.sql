-- Locks a partitioned table and its catch-all against everything, and what its foreign keys lead to against writers.
--
-- The caller has excluded the writers of the table already and done its work; it would be lost if a reader were given
-- the usual lock_timeout only once. So this tries for the lock up to ten times, for lock_timeout each, and lets the
-- readers that queued behind it through in between. Locks last until the transaction ends.
create or replace function public.lock_for_attach(parent regclass, catch_all regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    related constant text := (
        select string_agg(distinct ', only ' || r.relation::regclass, '')
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
                execute format('lock table %s in share row exclusive mode', substr(related, 3));
            end if;
            return;
        exception when lock_not_available then
            if attempt = 10 then
                raise;
            end if;
        end;
        perform pg_sleep(0.1);
    end loop;
end
$function$;

revoke execute on function public.lock_for_attach(regclass, regclass) from public;

comment on function public.lock_for_attach(regclass, regclass) is
    'Locks a partitioned table and its catch-all against everything, and what its foreign keys lead to against writers.';
