-- Records in the journal that a statement of a migration begins.
--
-- `effect` is as in statement_is_done; null for a statement that leaves no sign in the catalog.
create or replace function public.begin_statement(
    version text, direction text, place integer, statement text, checksum text, effect jsonb default null
)
returns void
language sql
volatile
as $function$
    insert into public.migration_statements as s (version, direction, place, statement, checksum, done_before)
    values (
        begin_statement.version, begin_statement.direction, begin_statement.place, begin_statement.statement,
        begin_statement.checksum, public.statement_is_done(coalesce(begin_statement.effect, '{}'))
    )
    on conflict on constraint migration_statements_pkey do update
    set statement = excluded.statement, checksum = excluded.checksum, done_before = excluded.done_before,
        started_at = excluded.started_at, ended_at = null;
$function$;

revoke execute on function public.begin_statement(text, text, integer, text, text, jsonb) from public;

comment on function public.begin_statement(text, text, integer, text, text, jsonb) is
    'Records in the journal that a statement of a migration begins.';
