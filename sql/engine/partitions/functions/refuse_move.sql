-- Raises DF035 where deleting rows from a partition would do more than to take them out of it.
--
-- A trigger would fire, and a foreign key that refers to the table with ON DELETE CASCADE would delete the rows that
-- refer to it. Who may set session_replication_role goes past all of these but those that fire always; rules no setting
-- goes past.
create or replace function public.refuse_move(partition regclass)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    goes_past constant boolean := has_parameter_privilege('session_replication_role', 'set');
    reason text;
begin
    select case
        when t.tgconstraint <> 0 and t.tgisinternal then
            format('the foreign key "%s" of "%s" refers to them', k.conname, k.conrelid::regclass)
        else format('the trigger "%s" would fire for each', t.tgname)
    end
    into reason
    from pg_trigger t
    left join pg_constraint k on k.oid = t.tgconstraint
    -- 8 is the bit of DELETE.
    where t.tgrelid = refuse_move.partition and t.tgtype & 8 <> 0
        and (t.tgenabled in ('A', 'R') or t.tgenabled = 'O' and not goes_past)
    order by t.tgisinternal, t.tgname
    limit 1;
    if reason is null and exists (
        select from pg_rewrite r where r.ev_class = refuse_move.partition and r.ev_type = '4'
    ) then
        reason := 'a rule stands for deleting them';
    end if;
    if reason is not null then
        raise exception 'The rows of "%" cannot be moved: %.', refuse_move.partition, reason
            using errcode = 'DF035',
                detail = 'A row is moved by deleting it here and inserting it there.',
                hint = 'Run it as a superuser, or let one allow it: GRANT SET ON PARAMETER session_replication_role TO ... '
                    'A rule, or a trigger that is ENABLE ALWAYS or ENABLE REPLICA, has to be disabled by hand.';
    end if;
end
$function$;

comment on function public.refuse_move(regclass) is
    'Raises DF035 where deleting rows from a partition would do more than to take them out of it.';
