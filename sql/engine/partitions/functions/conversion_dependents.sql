-- Returns the objects that depend on a table and would go on with the renamed one: views, rules, functions, row types.
--
-- All that depends on it, without what belongs to the table and is carried over: nothing is left out for being unknown.
create or replace function public.conversion_dependents(relation regclass)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select distinct
        format(
            'it is used by the %s',
            case when r.ev_class <> relation then pg_describe_object('pg_class'::regclass, r.ev_class, 0)
                else pg_describe_object(d.classid, d.objid, 0) end
        ),
        case when r.ev_class = relation then 'Drop it: a partitioned table gets no rules.'
            else 'Drop it before the cut-over, and create it again after.' end
    from pg_class c
    join pg_type row_type on row_type.oid = c.reltype
    join pg_depend d on (d.refclassid, d.refobjid) in (
        ('pg_class'::regclass, c.oid), ('pg_type'::regclass, row_type.oid), ('pg_type'::regclass, row_type.typarray)
    )
    left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
    where c.oid = relation
        and d.deptype not in ('P', 'S')
        and case d.classid
            when 'pg_type'::regclass then d.objid not in (row_type.oid, row_type.typarray)
            when 'pg_class'::regclass then
                -- A partitioned table depends on the columns of its key.
                d.objid not in (c.oid, c.reltoastrelid)
                and not exists (select from pg_index i where i.indexrelid = d.objid and i.indrelid = c.oid)
                and not exists (select from pg_inherits i where i.inhparent = c.oid and i.inhrelid = d.objid)
                and not exists (
                    select from pg_class s where s.oid = d.objid and s.relkind = 'S' and d.deptype in ('a', 'i')
                )
            when 'pg_constraint'::regclass then not exists (
                select from pg_constraint k where k.oid = d.objid and relation in (k.conrelid, k.confrelid)
            )
            when 'pg_trigger'::regclass then not exists (
                select from pg_trigger t where t.oid = d.objid and (t.tgrelid = c.oid or t.tgisinternal)
            )
            when 'pg_policy'::regclass then not exists (select from pg_policy p where p.oid = d.objid and p.polrelid = c.oid)
            when 'pg_attrdef'::regclass then not exists (select from pg_attrdef a where a.oid = d.objid and a.adrelid = c.oid)
            when 'pg_statistic_ext'::regclass then not exists (
                select from pg_statistic_ext s where s.oid = d.objid and s.stxrelid = c.oid
            )
            when 'pg_publication_rel'::regclass then false
            else true
        end;
$function$;

comment on function public.conversion_dependents(regclass) is
    'Returns the objects that depend on a table and would go on with the renamed one: views, rules, functions, row types.';
