-- Everything that the catalog says of the objects of a database, one line an object or property, in a fixed order.
-- Object identifiers, which differ between two runs of the same statements, do not occur.
with relation as (
    select c.*, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
),
line (text) as (
    select format('schema %I owner %s acl %s', nspname, nspowner::regrole, nspacl)
    from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select format('relation %s kind %s persistence %s owner %s acl %s options %s replica identity %s rls %s %s bound %s key %s tablespace %s',
        name, relkind, relpersistence, relowner::regrole, relacl, reloptions, relreplident, relrowsecurity,
        relforcerowsecurity, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid), reltablespace)
    from relation
    union all
    select format('inherits %s from %s', i.inhrelid::regclass, i.inhparent::regclass) from pg_inherits i
    union all
    select format('column %s.%I place %s type %s not null %s default %s identity %s generated %s collation %s storage %s statistics %s acl %s options %s',
        r.name, a.attname,
        row_number() over (partition by r.oid order by a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attstorage,
        nullif(a.attstattarget, -1), a.attacl, a.attoptions)
    from relation r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    union all
    select format('constraint %s.%I %s validated %s enabled', r.name, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
    from pg_constraint c join relation r on r.oid = c.conrelid
    union all
    select format('index %s valid %s ready %s clustered %s replica %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indisclustered, i.indisreplident)
    from pg_index i join relation r on r.oid = i.indrelid
    union all
    select format('view %s populated %s %s', name, relispopulated, pg_get_viewdef(oid)) from relation where relkind in ('v', 'm')
    union all
    select format('rule %s', pg_get_ruledef(w.oid)) from pg_rewrite w join relation r on r.oid = w.ev_class where w.rulename <> '_RETURN'
    union all
    select format('sequence %s type %s %s %s %s %s cycle %s cache %s', r.name, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache)
    from pg_sequence s join relation r on r.oid = s.seqrelid
    union all
    select format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_trigger t join relation r on r.oid = t.tgrelid where not t.tgisinternal
    union all
    select format('policy %I on %s command %s permissive %s roles %s using %s check %s', p.polname, r.name, p.polcmd,
        p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_policy p join relation r on r.oid = p.polrelid
    union all
    select format('type %s kind %s owner %s acl %s labels %s base %s not null %s default %s',
        t.oid::regtype, t.typtype, t.typowner::regrole, t.typacl,
        (select array_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
        nullif(t.typbasetype, 0)::regtype, t.typnotnull, t.typdefault)
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and t.typtype <> 'c' and t.typelem = 0
    union all
    select format('domain constraint %s on %s', pg_get_constraintdef(c.oid), c.contypid::regtype) from pg_constraint c where c.contypid <> 0
        and c.connamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
    union all
    select format('function %s owner %s acl %s settings %s %s', p.oid::regprocedure, p.proowner::regrole, p.proacl, p.proconfig,
        case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) end)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select format('comment on %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
    from pg_description d where d.objoid >= 16384
    union all
    select format('extension %s version %s schema %s', extname, extversion, extnamespace::regnamespace) from pg_extension
    union all
    select format('statistics %s', pg_get_statisticsobjdef(oid)) from pg_statistic_ext
    union all
    select format('event trigger %s on %s enabled %s calls %s', evtname, evtevent, evtenabled, evtfoid::regproc) from pg_event_trigger
    union all
    select format('default privileges of %s in %s for %s: %s', defaclrole::regrole, defaclnamespace, defaclobjtype, defaclacl) from pg_default_acl
    union all
    select format('publication %s all tables %s', pubname, puballtables) from pg_publication
    union all
    select format('setting of role %s: %s', setrole::regrole, setconfig)
    from pg_db_role_setting s where setdatabase in (0, (select oid from pg_database where datname = current_database()))
)
select text from line order by text collate "C";
