-- Records in the journal that a statement of a migration has ended.
create or replace function public.end_statement(version text, direction text, place integer)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    update public.migration_statements s
    set ended_at = clock_timestamp()
    where s.version = end_statement.version and s.direction = end_statement.direction and s.place = end_statement.place;
$function$;

revoke execute on function public.end_statement(text, text, integer) from public;

comment on function public.end_statement(text, text, integer) is
    'Records in the journal that a statement of a migration has ended.';
