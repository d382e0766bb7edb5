-- Measures how long it takes to move rows out of the catch-all partition, on copies of some of them that go at once.
--
-- The copies are temporary tables with the same columns and indexes, so that nobody waits and nothing is logged. Raises
-- 42501 where row security would hide rows.
create or replace function public.sample_move(parent regclass, sample integer default 5000)
returns table (rows bigint, milliseconds double precision)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set row_security = off
as $function$
#variable_conflict use_column
declare
    catch_all constant regclass := (select c.partition from public.catch_all_of(sample_move.parent) c);
    columns constant text := (
        select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
        from pg_attribute a
        where a.attrelid = catch_all and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    );
    began timestamptz;
begin
    execute format('create temporary table moved_from (like %s including all excluding identity)', catch_all);
    execute format('create temporary table moved_to (like %s including all excluding identity)', catch_all);
    execute format(
        'insert into pg_temp.moved_from (%1$s) select %1$s from %2$s limit %3$s', columns, catch_all, sample
    );
    began := clock_timestamp();
    execute format(
        'with moved as (delete from pg_temp.moved_from returning %1$s) '
        'insert into pg_temp.moved_to (%1$s) select %1$s from moved',
        columns
    );
    get diagnostics rows = row_count;
    milliseconds := extract(epoch from clock_timestamp() - began) * 1000;
    drop table pg_temp.moved_from, pg_temp.moved_to;
    return next;
end
$function$;

revoke execute on function public.sample_move(regclass, integer) from public;

comment on function public.sample_move(regclass, integer) is
    'Measures how long it takes to move rows out of the catch-all partition, on copies of some of them that go at once.';
