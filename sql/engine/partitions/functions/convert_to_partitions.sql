-- Turns a prepared table into a partitioned one by running the statements of plan_conversion(), without moving a row.
--
-- Plans under a lock that lets readers and writers go on. Then locks the table against everything, and the tables that its
-- foreign keys refer to, until the transaction ends; waits for them as long as lock_timeout says. Returns when it began to
-- wait, from when on others have had to wait for it. Raises DF040 where the table cannot be converted, and
-- DF041 where it is not prepared.
create or replace function public.convert_to_partitions(
    relation regclass, column_name name, granularity text, key_encoding text, ahead integer
)
returns table (original regclass, cut timestamp, locked_at timestamptz)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $function$
#variable_conflict use_column
declare
    encoding constant text := public.conversion_encoding(relation, convert_to_partitions.column_name, key_encoding);
    found record;
    problems text;
    fingerprint text;
begin
    fingerprint := public.lock_against_changes(relation);
    problems := (
        select string_agg(p.problem, E'\n')
        from public.conversion_problems(relation, convert_to_partitions.column_name, key_encoding) p
    );
    if problems is not null then
        raise exception 'Table "%" cannot be converted.', relation using errcode = 'DF040', detail = problems;
    end if;
    select * into strict found from public.find_conversion(relation);
    cut := public.decode_partition_bound(found.cut, encoding);
    if found.state <> 'begun' or found.column_name <> convert_to_partitions.column_name or exists (
        select from public.plan_conversion_preparation(relation, convert_to_partitions.column_name, encoding, cut)
    ) then
        raise exception 'Table "%" is not prepared for being partitioned by "%".', relation, convert_to_partitions.column_name
            using errcode = 'DF041', hint = 'Prepare it: "doramaflix-db partitions convert ... --prepare".';
    end if;
    locked_at := public.run_under_lock(relation, fingerprint, array(
        select p.statement
        from public.plan_conversion(relation, convert_to_partitions.column_name, granularity, encoding, cut, ahead)
            with ordinality p (statement, lock_mode, locked, place)
        where p.place > 1
        order by p.place
    ));
    original := relation;
    return next;
end
$function$;

revoke execute on function public.convert_to_partitions(regclass, name, text, text, integer) from public;

comment on function public.convert_to_partitions(regclass, name, text, text, integer) is
    'Turns a prepared table into a partitioned one by running the statements of plan_conversion(), without moving a row.';
