-- Writes the statements that give a view the triggers, rules and defaults of the one whose name it will have by then.
--
-- Those that the file of the new one states are left out.
create or replace function public.attachment_statements(built regclass, replaced regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select pg_get_triggerdef(r.oid)
    from pg_trigger r
    where r.tgrelid = attachment_statements.replaced and not r.tgisinternal
        and not exists (
            select from pg_trigger b where b.tgrelid = attachment_statements.built and b.tgname = r.tgname
        )
    union all
    select pg_get_ruledef(r.oid)
    from pg_rewrite r
    where r.ev_class = attachment_statements.replaced
        and not exists (
            select from pg_rewrite b where b.ev_class = attachment_statements.built and b.rulename = r.rulename
        )
    union all
    select format(
        'alter view %s alter column %I set default %s', r.attrelid::regclass, r.attname, pg_get_expr(d.adbin, d.adrelid)
    )
    from pg_attribute r
    join pg_attrdef d on d.adrelid = r.attrelid and d.adnum = r.attnum
    join pg_attribute b on b.attrelid = attachment_statements.built and b.attname = r.attname and not b.atthasdef
    where r.attrelid = attachment_statements.replaced;
$function$;

comment on function public.attachment_statements(regclass, regclass) is
    'Writes the statements that give a view the triggers, rules and defaults of the one whose name it will have by then.';
