-- Locks a table against other DDL until the transaction ends, while its readers and writers go on, and returns its digest.
--
-- Nobody waits for whoever waits for this lock, so that it is given ten seconds: a VACUUM that is in the way ends by itself,
-- and one of autovacuum is cancelled after deadlock_timeout.
create or replace function public.lock_against_changes(relation regclass)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    lock_timeout constant text := current_setting('lock_timeout');
begin
    perform set_config('lock_timeout', '10s', true);
    execute format('lock table %s in share update exclusive mode', relation);
    perform set_config('lock_timeout', lock_timeout, true);
    return public.relation_fingerprint(relation);
end
$function$;

revoke execute on function public.lock_against_changes(regclass) from public;

comment on function public.lock_against_changes(regclass) is
    'Locks a table against other DDL until the transaction ends, while its readers and writers go on, and returns its digest.';
