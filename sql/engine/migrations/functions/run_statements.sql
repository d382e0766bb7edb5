-- Runs statements of a file and makes way for them where objects of functions/ or views/ stand in it; returns the
-- paths of the files whose objects it dropped.
--
-- When one fails, notice DF102 gives its place in `statements` from 1, because an error without a position (a duplicate
-- key, a division by zero) does not; then the error goes on unchanged.
-- Statements run under `search_path` and the caller's role; both are put back afterwards, because a SET in them
-- would survive this function. When they fail because an object depends on what they drop or alter, or because what
-- they create is there in a form that cannot be replaced, the objects in the way are dropped and the statements run
-- again, all in the caller's transaction: those of the file `replaced_path`, or, where it is null, those that refer to
-- something named in the statements. Never with CASCADE: an object in no file of the ledger stops them.
-- The functions of the engine that call this one pin their own search_path with set_config and not with a SET
-- clause, under which these statements could not see the caller's path.
create or replace function public.run_statements(
    statements text[], search_path text, replaced_path text default null
)
returns text[]
language plpgsql
volatile
as $function$
declare
    pinned_path constant text := 'pg_catalog, pg_temp';
    role_before constant text := pg_catalog.current_setting('role');
    session_before constant text := pg_catalog.current_setting('session_authorization');
    is_run constant boolean := pg_catalog.current_setting('doramaflix_db.tool_version', true) is not null;
    dropped text[] := '{}';
    place integer := 0;
    statement text;
begin
    begin
        perform pg_catalog.set_config('search_path', run_statements.search_path, true);
        foreach statement in array statements loop
            place := place operator(pg_catalog.+) 1;
            execute statement;
        end loop;
    exception when dependent_objects_still_exist or feature_not_supported or invalid_function_definition
        or invalid_table_definition or wrong_object_type or duplicate_table or duplicate_function then
        perform pg_catalog.set_config('search_path', pinned_path, true);
        dropped := public.drop_definitions(
            case
                when replaced_path is null then public.definitions_named_in(array_to_string(statements, ''))
                else array[replaced_path]
            end
        );
        if cardinality(dropped) = 0 then
            raise notice 'Statement % failed.', place using errcode = 'DF102', detail = place;
            raise;
        end if;
        perform pg_catalog.set_config('search_path', run_statements.search_path, true);
        foreach statement in array statements loop
            execute statement;
        end loop;
    when others or query_canceled then
        raise notice 'Statement % failed.', place using errcode = 'DF102', detail = place;
        raise;
    end;
    -- A plain SET would hold in the caller's session after the transaction. A run of the tool reports what it finds there
    -- and puts it back, so this is for the rest of the transaction.
    if pg_catalog.current_setting('session_authorization') operator(pg_catalog.<>) session_before then
        perform pg_catalog.set_config('session_authorization', session_before, is_run);
    end if;
    if pg_catalog.current_setting('search_path') operator(pg_catalog.<>) run_statements.search_path then
        perform pg_catalog.set_config('search_path', run_statements.search_path, is_run);
    end if;
    if pg_catalog.current_setting('role') operator(pg_catalog.<>) role_before then
        perform pg_catalog.set_config('role', role_before, is_run);
    end if;
    perform pg_catalog.set_config('search_path', pinned_path, true);
    return dropped;
end
$function$;

revoke execute on function public.run_statements(text[], text, text) from public;

comment on function public.run_statements(text[], text, text) is
    'Runs statements of a file and makes way for them where objects of functions/ or views/ stand in it; returns the paths of the files whose objects it dropped.';
