-- Records the engine that this transaction has installed, and drops functions of an earlier one that it no longer has.
--
-- Refuses, and so undoes the installation, where the earlier one is of a newer version of the tool: another program that
-- works with this database relies on functions that this one does not have.
create or replace function public.record_engine(hash text, tool_version text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    installed text[];
    stale text;
    newer text;
begin
    select e.tool_version into newer
    from public.schema_engine e
    where string_to_array(split_part(e.tool_version, '-', 1), '.')::integer[]
        > string_to_array(split_part(record_engine.tool_version, '-', 1), '.')::integer[];
    if found then
        raise exception using
            errcode = 'DF010',
            message = format(
                'The engine in this database is of version %s of doramaflix-db, which is newer than %s.',
                newer, record_engine.tool_version
            ),
            hint = format('Use version %s or a newer one.', newer);
    end if;
    -- What this transaction created or replaced carries its number, or that of a savepoint; it has a lock on each.
    installed := array(
        select p.oid::regprocedure::text
        from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.xmin in (
            select l.transactionid
            from pg_locks l
            where l.pid = pg_backend_pid() and l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
        )
    );
    for stale in
        select format('drop routine %s', name)
        from public.schema_engine e
        cross join lateral unnest(e.routines) name
        where name <> all (installed) and to_regprocedure(name) is not null
    loop
        execute stale;
    end loop;
    delete from public.schema_engine;
    insert into public.schema_engine (hash, routines, tool_version)
    values (record_engine.hash, installed, record_engine.tool_version);
end
$function$;

revoke execute on function public.record_engine(text, text) from public;

comment on function public.record_engine(text, text) is
    'Records the engine that this transaction has installed, and drops functions of an earlier one that it no longer has.';
