-- Creates the partitions that partition_policies wants and the database lacks, each in a transaction of its own.
--
-- What "doramaflix-db partitions create" does, for psql and for schedulers inside the database: call it outside a
-- transaction. Waits for a lock as long as lock_timeout says (0: 100 ms), lets the others pass, and tries again, 20 times.
-- What cannot be created is a warning and does not stop the rest; then it ends with DF026.
create or replace procedure public.create_partitions()
language plpgsql
as $function$
declare
    waits constant text :=
        case pg_catalog.current_setting('lock_timeout') when '0' then '100ms' else pg_catalog.current_setting('lock_timeout') end;
    wanted record;
    failed integer := 0;
    tries integer;
begin
    for wanted in
        select p.parent, p.granularity, d.lower_bound::pg_catalog.date as day
        from public.partition_policies p
        join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) p.parent
        cross join lateral public.missing_partitions(p.parent) d
        order by p.parent::pg_catalog.text, d.lower_bound nulls last
    loop
        tries := 0;
        loop
            tries := tries operator(pg_catalog.+) 1;
            begin
                perform pg_catalog.set_config('lock_timeout', waits, true);
                if wanted.day is null then
                    perform public.create_catch_all(wanted.parent);
                else
                    perform public.create_partition(wanted.parent, wanted.granularity, wanted.day);
                end if;
                exit;
            exception
                when lock_not_available or deadlock_detected then
                    if tries operator(pg_catalog.>) 20 then
                        raise warning '%: %', wanted.parent, sqlerrm;
                        failed := failed operator(pg_catalog.+) 1;
                        exit;
                    end if;
                when others then
                    raise warning '%: %', wanted.parent, sqlerrm;
                    failed := failed operator(pg_catalog.+) 1;
                    exit;
            end;
            rollback;
            perform pg_catalog.pg_sleep(0.25);
        end loop;
        commit;
    end loop;
    if failed operator(pg_catalog.>) 0 then
        raise exception '% partitions could not be created.', failed
            using errcode = 'DF026', hint = 'See the warnings, and "doramaflix-db partitions doctor".';
    end if;
end
$function$;

revoke execute on procedure public.create_partitions() from public;

comment on procedure public.create_partitions() is
    'Creates the partitions that partition_policies wants and the database lacks, each in a transaction of its own.';
