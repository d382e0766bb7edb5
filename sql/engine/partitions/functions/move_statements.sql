-- Returns the statements that move the rows of a period out of the catch-all partition, in the order in which they run.
--
-- move_strays() runs just these, in one transaction. A reader who waited for the catch-all alone would go on with the
-- partitions that it knew before, and miss the rows that have left it: hence the locks on the parent, of which the one
-- against readers is taken when only the attaching is left. The CHECK spares ATTACH a scan of the new partition; nothing
-- spares it that of the catch-all, in which the rows have been until then. Of 5 million rows with two indexes, 482 MB in
-- memory, on a busy machine with two cores, 3 million were moved in 26 to 44 s, in which readers went on; then they
-- waited 1.0 s for the scan of the catch-all, and 1.1 s for the check of the one foreign key of the moved rows.
create or replace function public.move_statements(parent regclass, granularity text, day date)
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    schema constant text := (select c.relnamespace::regnamespace from pg_class c where c.oid = parent);
    facts record;
    columns text;
    target text;
    bounds text;
    is_inside text;
    statement text;
begin
    select k.*, p.*, c.partition as catch_all, c.kind into strict facts
    from public.partition_key(parent) k
    cross join public.partition_period(granularity, day::timestamp) p
    cross join public.catch_all_of(parent) c;
    -- Generated columns are computed again, from the same values.
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into strict columns
    from pg_attribute a
    where a.attrelid = facts.catch_all and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
    target := format('%s.%I', schema, public.partition_name(parent, facts.suffix));
    bounds := public.partition_bounds(facts.lower_bound, facts.upper_bound, facts.encoding);
    is_inside := format(
        '%1$I >= %2$L and %1$I < %3$L',
        facts.column_name,
        public.encode_partition_bound(facts.lower_bound, facts.encoding),
        public.encode_partition_bound(facts.upper_bound, facts.encoding)
    );
    return next format('lock table only %s in exclusive mode', parent);
    for statement in select s from public.new_partition_statements(parent, target, bounds) s loop
        if statement = format('alter table %s attach partition %s %s', parent, target, bounds) then
            return next format(
                'alter table %s add constraint moved_rows check (%I is not null and %s)',
                target, facts.column_name, is_inside
            );
            return next format(
                'with moved as (delete from %1$s where %2$s returning %3$s) '
                'insert into %4$s (%3$s) select %3$s from moved',
                facts.catch_all, is_inside, columns, target
            );
            return next format('select public.lock_for_attach(%L, %L)', parent, facts.catch_all);
            if facts.kind = 'tail' then
                return next format('alter table %s detach partition %s', parent, facts.catch_all);
            end if;
        end if;
        return next statement;
    end loop;
    if facts.kind = 'tail' then
        return next format(
            'alter table %s attach partition %s %s',
            parent, facts.catch_all, public.partition_bounds(facts.upper_bound, 'infinity', facts.encoding)
        );
    end if;
    return next format('alter table %s drop constraint moved_rows', target);
end
$function$;

comment on function public.move_statements(regclass, text, date) is
    'Returns the statements that move the rows of a period out of the catch-all partition, in the order in which they run.';
