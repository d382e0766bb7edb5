-- Returns the statements that create the triggers of a table again, with their state and comments, under its present name.
create or replace function public.trigger_statements(relation regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select s.statement
    from pg_trigger t
    cross join lateral (
        values
            (1, pg_get_triggerdef(t.oid)),
            (2, case t.tgenabled
                when 'D' then format('alter table %s disable trigger %I', relation, t.tgname)
                when 'R' then format('alter table %s enable replica trigger %I', relation, t.tgname)
                when 'A' then format('alter table %s enable always trigger %I', relation, t.tgname)
            end),
            (3, format('comment on trigger %I on %s is %L', t.tgname, relation, obj_description(t.oid, 'pg_trigger')))
    ) s (place, statement)
    where t.tgrelid = relation
        and not t.tgisinternal
        and s.statement is not null
        and (s.place <> 3 or obj_description(t.oid, 'pg_trigger') is not null)
    order by t.tgname, s.place;
$function$;

comment on function public.trigger_statements(regclass) is
    'Returns the statements that create the triggers of a table again, with their state and comments, under its present name.';
