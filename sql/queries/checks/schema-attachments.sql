-- What hangs on the tables and views of a database: defaults of their own, rules, triggers, policies, statistics.
--
-- A default stands with its table, unless it calls a function of the database or differs from the one inherited.
with relation as materialized (
    select c.oid, c.relkind, c.reloftype, n.nspname::text as schema, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
), enabling (state, words) as (
    values ('D'::"char", 'DISABLE'), ('R', 'ENABLE REPLICA'), ('A', 'ENABLE ALWAYS')
), default_value as (
    select
        d.oid, r.schema, r.name, a.attname, pg_get_expr(d.adbin, d.adrelid) as value, a.attislocal and r.reloftype = 0 as is_own,
        r.relkind = 'v' or exists (
            select
            from pg_depend p
            where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_proc'::regclass
                and not exists (
                    select from pg_depend e
                    where e.classid = 'pg_proc'::regclass and e.objid = p.refobjid and e.deptype = 'e'
                )
        ) as is_apart,
        (
            select pg_get_expr(above.adbin, above.adrelid)
            from pg_inherits i
            join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname
            join pg_attrdef above on above.adrelid = p.attrelid and above.adnum = p.attnum
            where i.inhrelid = r.oid
            order by i.inhseqno
            limit 1
        ) as inherited
    from relation r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
)
select
    format('pg_attrdef/%s', oid) as address,
    'default' as kind,
    schema,
    format('%s.%I', name, attname) as name,
    name as relation,
    format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s;', name, attname, value) as definition
from default_value
where case when is_own then is_apart else inherited is distinct from value end
union all
select
    format('pg_rewrite/%s', w.oid), 'rule', r.schema, format('%I on %s', w.rulename, r.name), r.name,
    concat(
        pg_get_ruledef(w.oid),
        E'\n' || (select format('ALTER TABLE %s %s RULE %I;', r.name, words, w.rulename) from enabling where state = w.ev_enabled)
    )
from pg_rewrite w
join relation r on r.oid = w.ev_class
where w.rulename <> '_RETURN'
union all
select
    format('pg_trigger/%s', t.oid), 'trigger', r.schema, format('%I on %s', t.tgname, r.name), r.name,
    concat(
        pg_get_triggerdef(t.oid), ';',
        E'\n' || (select format('ALTER TABLE %s %s TRIGGER %I;', r.name, words, t.tgname) from enabling where state = t.tgenabled)
    )
from pg_trigger t
join relation r on r.oid = t.tgrelid
where not t.tgisinternal and t.tgparentid = 0
union all
select
    format('pg_policy/%s', p.oid), 'policy', r.schema, format('%I on %s', p.polname, r.name), r.name,
    concat(
        format('CREATE POLICY %I ON %s', p.polname, r.name),
        case when not p.polpermissive then ' AS RESTRICTIVE' end,
        case p.polcmd when 'r' then ' FOR SELECT' when 'a' then ' FOR INSERT' when 'w' then ' FOR UPDATE'
            when 'd' then ' FOR DELETE' end,
        case when p.polroles <> '{0}' then ' TO ' || (
            select string_agg(role::regrole::text, ', ' order by role::regrole::text collate "C") from unnest(p.polroles) role
        ) end,
        E'\n    USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
        E'\n    WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')',
        ';'
    )
from pg_policy p
join relation r on r.oid = p.polrelid
union all
select
    format('pg_statistic_ext/%s', s.oid), 'statistics', n.nspname::text, format('%I.%I', n.nspname, s.stxname), r.name,
    concat(
        pg_get_statisticsobjdef(s.oid), ';',
        format(E'\nALTER STATISTICS %I.%I SET STATISTICS ', n.nspname, s.stxname)
            || nullif((to_jsonb(s) ->> 'stxstattarget')::integer, -1) || ';'
    )
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
join relation r on r.oid = s.stxrelid;
