-- Runs statements of which the first one locks a table that the transaction has locked against other DDL already, and
-- returns when it began to wait for that lock.
--
-- They were planned before, while readers and writers went on: where the table has changed since, nothing is run, and the
-- error is the one of a lock that was not to be had, so that the caller plans anew.
create or replace function public.run_under_lock(relation regclass, fingerprint text, statements text[])
returns timestamptz
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    began constant timestamptz := clock_timestamp();
    statement text;
begin
    execute statements[1];
    if public.relation_fingerprint(relation) <> fingerprint then
        raise exception 'Table "%" was changed while its locks were waited for.', relation
            using errcode = 'lock_not_available';
    end if;
    foreach statement in array statements[2:] loop
        execute statement;
    end loop;
    return began;
end
$function$;

revoke execute on function public.run_under_lock(regclass, text, text[]) from public;

comment on function public.run_under_lock(regclass, text, text[]) is
    'Runs statements of which the first one locks a table that the transaction has locked against other DDL already, and returns when it began to wait for that lock.';
