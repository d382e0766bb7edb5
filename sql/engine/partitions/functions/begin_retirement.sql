-- Records that a partition that is due is about to be detached, and returns the number of its row in the ledger.
--
-- To be committed before the partition is detached. A row that an earlier attempt has left is used again. Raises DF030
-- for a partition that plan_retirement() does not want to be detached.
create or replace function public.begin_retirement(
    parent regclass,
    partition regclass,
    as_of timestamptz default now()
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    due record;
    row_id bigint;
begin
    select d.* into due
    from public.plan_retirement(begin_retirement.parent, as_of) d
    where d.action = 'detach' and d.partition = begin_retirement.partition;
    if due.partition is null then
        raise exception '"%" is not to be retired from "%".', begin_retirement.partition, begin_retirement.parent
            using errcode = 'DF030',
                detail = 'It is not a partition of that table, or it is not older than the policy of the table keeps it.',
                hint = 'What is to be retired: "doramaflix-db partitions retire --dry-run".';
    end if;
    row_id := due.retirement;
    if row_id is null then
        insert into public.retired_partitions (relation, name, parent, lower_bound, upper_bound)
        values (due.partition, due.partition::text, begin_retirement.parent::text, due.lower_bound, due.upper_bound)
        returning id into row_id;
    else
        update public.retired_partitions r
        set name = due.partition::text,
            parent = begin_retirement.parent::text,
            lower_bound = due.lower_bound,
            upper_bound = due.upper_bound,
            started_at = clock_timestamp(),
            detached_at = null
        where r.id = row_id;
    end if;
    return row_id;
end
$function$;

revoke execute on function public.begin_retirement(regclass, regclass, timestamptz) from public;

comment on function public.begin_retirement(regclass, regclass, timestamptz) is
    'Records that a partition that is due is about to be detached, and returns the number of its row in the ledger.';
