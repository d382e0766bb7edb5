-- Runs the file of a view in the schema beside the one where it is to stand, and returns what it created there.
--
-- All names mean what they mean under `search_path`, but those of views that are built already. A materialized view has
-- its contents, indexes and statistics afterwards. Locks nobody out; the old one cannot be refreshed by the toolkit
-- until the transaction ends. Ends with DF052 when the file does not create the view there, or when the view reads one
-- that is being replaced, which a schema before its name or a function can make it do.
create or replace function public.build_beside(definition text, search_path text, schema_id oid, name name)
returns regclass
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    beside constant name := public.beside_schema(schema_id);
    beside_path constant text := public.beside_path(search_path);
    replaced constant oid := (
        select c.oid from pg_class c where c.relnamespace = schema_id and c.relname = name and c.relkind in ('v', 'm')
    );
    begun record;
    built regclass;
begin
    if not exists (select from pg_namespace n where n.nspname = beside) then
        execute format('create schema %I', beside);
        -- An owner that the file names has to have the right to create there.
        execute format('grant usage, create on schema %I to public', beside);
    end if;
    if replaced is not null then
        -- As every refresh by the toolkit does.
        perform pg_advisory_xact_lock(1836479078, replaced::integer);
    end if;
    select * into begun from public.begin_build();
    perform set_config('search_path', beside_path, true);
    execute definition;
    perform set_config('search_path', 'pg_catalog, pg_temp', true);
    built := to_regclass(format('%I.%I', beside, name));
    if built is null or public.reads_replaced(built) or public.calls_reader_of_replaced(built) then
        raise exception 'The view % cannot be built beside the old one, because it reads old views by their schema.', name
            using errcode = 'DF052';
    end if;
    -- Up to PostgreSQL 16 CREATE does not freeze rows, as REFRESH does: a reader with an older snapshot would find none.
    if exists (
        select
        from pg_class b
        join pg_class r on r.oid = replaced and r.relispopulated
        where b.oid = built and b.relkind = 'm'
            and (not b.relispopulated or current_setting('server_version_num')::integer < 170000)
    ) then
        perform public.run_refresh(built, 'plain', beside_path);
    end if;
    perform public.end_build(
        built, schema_id, case when replaced is null then 'created' else 'redefined' end,
        begun.started_at, begun.wal_position, begun.inheritance
    );
    return built;
end
$function$;

revoke execute on function public.build_beside(text, text, oid, name) from public;

comment on function public.build_beside(text, text, oid, name) is
    'Runs the file of a view in the schema beside the one where it is to stand, and returns what it created there.';
