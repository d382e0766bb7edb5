-- Returns the statements that give the sequences of a table, with their values, to the same columns of another one.
--
-- Source and target are the names that the tables have when the statements run. A sequence that belongs to a column is
-- moved; one of an identity column cannot be, so that the target gets one like it, of the same name, that goes on from
-- the same value, with its privileges and its comment. Source and target must be locked against writers.
create or replace function public.move_sequence_statements(relation regclass, source text, target text)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select statement
    from pg_depend d
    join pg_class c on c.oid = d.objid and c.relkind = 'S'
    join pg_sequence s on s.seqrelid = c.oid
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    cross join lateral (
        select format('%s.%I', c.relnamespace::regnamespace, public.partition_name(c.oid, 'moving')) as moving
    ) m
    cross join lateral (
        select 1, format('alter sequence %s owned by %s.%I', c.oid::regclass, target, a.attname)
        where d.deptype = 'a'
        union all
        select v.* from (
            values
                (1, format('alter sequence %s rename to %I', c.oid::regclass, public.partition_name(c.oid, 'moving'))),
                (2, format(
                    'alter table %s alter column %I add generated %s as identity (sequence name %s start with %s '
                    'increment by %s minvalue %s maxvalue %s cache %s%s)',
                    target, a.attname, case a.attidentity when 'a' then 'always' else 'by default' end, c.oid::regclass,
                    s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then ' cycle' else '' end
                )),
                (3, format('select setval(%L, last_value, is_called) from %s', c.oid::regclass, m.moving)),
                (4, format('alter table %s alter column %I drop identity', source, a.attname)),
                (5, format('comment on sequence %s is %L', c.oid::regclass, nullif(obj_description(c.oid, 'pg_class'), '')))
        ) v (place, statement)
        where d.deptype = 'i' and (v.place <> 5 or obj_description(c.oid, 'pg_class') is not null)
        union all
        select 6, r.statement
        from public.exact_privilege_statements(c.oid, c.oid::regclass::text) r (statement)
        where d.deptype = 'i'
    ) v (place, statement)
    where (d.classid, d.refclassid) = ('pg_class'::regclass, 'pg_class'::regclass)
        and d.refobjid = relation
        and d.refobjsubid > 0
        and d.deptype in ('a', 'i')
    order by c.relname, v.place;
$function$;

comment on function public.move_sequence_statements(regclass, text, text) is
    'Returns the statements that give the sequences of a table, with their values, to the same columns of another one.';
