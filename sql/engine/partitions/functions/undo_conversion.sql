-- Puts the table of before in the place of the partitioned one into which convert_to_partitions() turned it.
--
-- Runs the statements of plan_conversion_undo() that are not online: moves the rows of newer partitions, for which the table
-- stays locked against everything until the transaction ends. Returns when it began to wait for that lock. Raises DF042
-- where the state of the table does not allow it, and DF043 where rows would be doubled under the key of before.
create or replace function public.undo_conversion(relation regclass)
returns timestamptz
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set row_security = off
as $function$
declare
    fingerprint text;
    problems text;
    reason text;
begin
    fingerprint := public.lock_against_changes(relation);
    problems := (select string_agg(p.problem, E'\n') from public.undo_conversion_problems(relation) p);
    if (select f.state from public.find_conversion(relation) f) <> 'converted' then
        problems := 'it is not a table that "partitions convert" has converted';
    elsif exists (select from public.plan_conversion_undo(relation) p where p.is_online) then
        problems := concat_ws(E'\n', problems, 'the key of before is not built yet');
    end if;
    if problems is not null then
        raise exception 'The conversion of table "%" cannot be undone.', relation using errcode = 'DF042', detail = problems;
    end if;
    return public.run_under_lock(relation, fingerprint, array(
        select p.statement
        from public.plan_conversion_undo(relation) with ordinality p (statement, lock_mode, locked, is_online, place)
        where not p.is_online and p.statement not like 'lock table % in share update exclusive mode'
        order by p.place
    ));
exception when unique_violation then
    get stacked diagnostics reason = pg_exception_detail;
    raise exception 'The conversion of table "%" cannot be undone: a newer row has the key of another one.', relation
        using errcode = 'DF043', detail = reason, hint = 'Change or delete one of the two. Nothing was changed.';
end
$function$;

revoke execute on function public.undo_conversion(regclass) from public;

comment on function public.undo_conversion(regclass) is
    'Puts the table of before in the place of the partitioned one into which convert_to_partitions() turned it.';
