-- Drops a detached partition, and records it together with the file that has its rows, if there is one.
--
-- Drops only what the ledger says was detached by this tool and plan_drops() allows, and nothing that depends on it.
-- Locks the table with ACCESS EXCLUSIVE, and so each table to which a foreign key of it refers, because triggers there
-- are dropped with it: commit at once. Waits for each lock as long as lock_timeout says. Raises DF031 for what it refuses.
create or replace function public.drop_retired_partition(
    retirement bigint,
    exported_to text default null,
    exported_rows bigint default null,
    exported_checksum text default null
)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    planned record;
    locked text;
begin
    for attempt in 1..2 loop
        select d.*, d.relation::text as name, c.relkind into planned
        from public.plan_drops() d
        join pg_class c on c.oid = d.relation
        where d.retirement = drop_retired_partition.retirement;
        if planned.action is distinct from 'drop' or locked <> planned.name then
            raise exception 'The detached partition % must not be dropped.',
                coalesce('"' || planned.name || '"', format('number %s of the ledger', retirement))
                using errcode = 'DF031',
                    detail = case
                        when planned.action in ('wait', 'keep') then format('It %s.', planned.reason)
                        else 'It is gone, is attached again, or its policy does not say that it is to be dropped.'
                    end;
        end if;
        -- Before it is locked, somebody may give it another name or attach it.
        if planned.relkind <> 'f' and locked is null then
            execute format('lock table %s in access exclusive mode', planned.name);
        end if;
        locked := planned.name;
    end loop;
    execute format('drop %s %s', case planned.relkind when 'f' then 'foreign table' else 'table' end, planned.name);
    update public.retired_partitions r
    set dropped_at = clock_timestamp(),
        exported_to = drop_retired_partition.exported_to,
        exported_rows = drop_retired_partition.exported_rows,
        exported_checksum = drop_retired_partition.exported_checksum
    where r.id = drop_retired_partition.retirement;
    return planned.name;
end
$function$;

revoke execute on function public.drop_retired_partition(bigint, text, bigint, text) from public;

comment on function public.drop_retired_partition(bigint, text, bigint, text) is
    'Drops a detached partition, and records it together with the file that has its rows, if there is one.';
