-- Ends the journal of a migration that is to be recorded; returns how long its statements ran, null when there are none.
--
-- The rows of the other direction go, because they would be those of a half-way run; after a rollback these go too.
create or replace function public.end_journal(version text, direction text)
returns interval
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    took interval;
begin
    select sum(s.ended_at - s.started_at) into took
    from public.migration_statements s
    where s.version = end_journal.version and s.direction = end_journal.direction;
    delete from public.migration_statements s
    where s.version = end_journal.version and (s.direction = 'down' or end_journal.direction = 'down');
    return took;
end
$function$;

revoke execute on function public.end_journal(text, text) from public;

comment on function public.end_journal(text, text) is
    'Ends the journal of a migration that is to be recorded; returns how long its statements ran, null when there are none.';
