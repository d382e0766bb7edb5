-- Everything that the catalog says of the objects of a database, one line an object or property, in a fixed order.
--
-- Object identifiers and the database's own name do not occur: two databases that were made alike have the same lines.
-- The place of a column among its table's has a line of its own: a down part that adds it again cannot put it back there.
-- Left out on purpose: roles and their memberships, tablespaces and subscriptions, which are the whole server's; rows,
-- statistics and the place of a sequence, which are data. Operators, casts, text search, foreign servers and other
-- rare kinds appear with their names and no more.
with schema as (
    select oid, nspname, nspowner, nspacl
    from pg_namespace
    where nspname !~ '^pg_' and nspname <> 'information_schema'
),
relation as (
    select c.*, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c
    join schema n on n.oid = c.relnamespace
),
rare (classid, objid) as (
    select tableoid, oid from pg_am
    union all select tableoid, oid from pg_cast
    union all select tableoid, oid from pg_collation
    union all select tableoid, oid from pg_conversion
    union all select tableoid, oid from pg_foreign_data_wrapper
    union all select tableoid, oid from pg_foreign_server
    union all select tableoid, oid from pg_language
    union all select tableoid, oid from pg_opclass
    union all select tableoid, oid from pg_operator
    union all select tableoid, oid from pg_opfamily
    union all select tableoid, oid from pg_transform
    union all select tableoid, oid from pg_ts_config
    union all select tableoid, oid from pg_ts_dict
    union all select tableoid, oid from pg_ts_parser
    union all select tableoid, oid from pg_ts_template
    union all select tableoid, oid from pg_user_mapping
),
line (text) as (
    select format(
        'database owner %s acl %s connection limit %s comment %s',
        datdba::regrole, datacl, datconnlimit, shobj_description(oid, 'pg_database')
    )
    from pg_database
    where datname = current_database()
    union all
    select format(
        'setting of role %s in %s: %s', setrole::regrole,
        case when setdatabase = 0 then 'all databases' else 'this database' end, setconfig
    )
    from pg_db_role_setting
    where
        setdatabase = (select oid from pg_database where datname = current_database())
        -- In all databases: only of roles that own or may use something here, because others
        -- on the same server make roles of their own meanwhile.
        or setdatabase = 0 and exists (
            select from pg_shdepend
            where refclassid = 'pg_authid'::regclass and refobjid = setrole
                and dbid = (select oid from pg_database where datname = current_database())
        )
    union all
    select format('schema %I owner %s acl %s', nspname, nspowner::regrole, nspacl)
    from schema
    union all
    select format(
        'relation %s kind %s persistence %s access method %s owner %s acl %s options %s options of its toast table %s '
            'replica identity %s row security %s forced %s bound %s key %s of type %s tablespace %s',
        name, relkind, relpersistence, (select amname from pg_am where oid = relam), relowner::regrole, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)),
        reloptions, (select t.reloptions from pg_class t where t.oid = relation.reltoastrelid), relreplident,
        relrowsecurity, relforcerowsecurity, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid),
        nullif(reloftype, 0)::regtype, (select spcname from pg_tablespace where oid = reltablespace)
    )
    from relation
    union all
    select format(
        'inherits %s from %s place %s detached by halves %s', r.name, i.inhparent::regclass, i.inhseqno,
        i.inhdetachpending
    )
    from pg_inherits i
    join relation r on r.oid = i.inhrelid
    union all
    select format(
        'column %s.%I type %s not null %s default %s identity %s generated %s collation %s storage %s '
            'compression %s statistics %s acl %s options %s foreign options %s own %s inherited %s',
        r.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
        a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attstorage, a.attcompression, nullif(a.attstattarget, -1),
        a.attacl, a.attoptions, a.attfdwoptions, a.attislocal, a.attinhcount
    )
    from relation r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    union all
    select format(
        'place of column %s.%I: %s', r.name, a.attname, row_number() over (partition by r.oid order by a.attnum)
    )
    from relation r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    union all
    select format(
        'constraint %s.%I %s validated %s own %s inherited %s', r.name, c.conname, pg_get_constraintdef(c.oid),
        c.convalidated, c.conislocal, c.coninhcount
    )
    from pg_constraint c
    join relation r on r.oid = c.conrelid
    union all
    select format(
        'domain constraint %s.%I %s validated %s', c.contypid::regtype, c.conname, pg_get_constraintdef(c.oid),
        c.convalidated
    )
    from pg_constraint c
    join pg_type t on t.oid = c.contypid
    join schema n on n.oid = t.typnamespace
    union all
    select format(
        'index %s valid %s ready %s live %s clustered %s replica identity %s', pg_get_indexdef(i.indexrelid),
        i.indisvalid, i.indisready, i.indislive, i.indisclustered, i.indisreplident
    )
    from pg_index i
    join relation r on r.oid = i.indrelid
    union all
    select format('view %s populated %s %s', name, relispopulated, pg_get_viewdef(oid))
    from relation
    where relkind in ('v', 'm')
    union all
    select format('rule %s enabled %s', pg_get_ruledef(w.oid), w.ev_enabled)
    from pg_rewrite w
    join relation r on r.oid = w.ev_class
    where w.rulename <> '_RETURN'
    union all
    select format(
        'sequence %s type %s start %s increment %s minimum %s maximum %s cycle %s cache %s owned by %s', r.name,
        s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache,
        (
            select format('%s (%s)', pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), d.deptype)
            from pg_depend d
            where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype in ('a', 'i')
        )
    )
    from pg_sequence s
    join relation r on r.oid = s.seqrelid
    union all
    -- The names of the triggers behind a constraint are made of object identifiers.
    select case
        when t.tgisinternal then format(
            'trigger of constraint %s on %s calls %s enabled %s',
            (select conname from pg_constraint where oid = t.tgconstraint), r.name, t.tgfoid::regproc, t.tgenabled
        )
        else format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
    end
    from pg_trigger t
    join relation r on r.oid = t.tgrelid
    union all
    select format(
        'policy %I on %s command %s permissive %s roles %s using %s check %s', p.polname, r.name, p.polcmd,
        p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid),
        pg_get_expr(p.polwithcheck, p.polrelid)
    )
    from pg_policy p
    join relation r on r.oid = p.polrelid
    union all
    -- The types of rows and arrays come with their tables and elements.
    select format(
        'type %s kind %s owner %s acl %s labels %s base %s collation %s not null %s default %s range of %s',
        t.oid::regtype, t.typtype, t.typowner::regrole, t.typacl,
        (select array_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
        case when t.typbasetype <> 0 then format_type(t.typbasetype, t.typtypmod) end,
        t.typcollation::regcollation, t.typnotnull, t.typdefault,
        (select format('%s with %s', g.rngsubtype::regtype, g.rngsubdiff) from pg_range g where g.rngtypid = t.oid)
    )
    from pg_type t
    join schema n on n.oid = t.typnamespace
    where not exists (select from pg_type e where e.typarray = t.oid)
        and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
    union all
    select format(
        'function %s kind %s owner %s acl %s settings %s %s', p.oid::regprocedure, p.prokind, p.proowner::regrole,
        p.proacl, p.proconfig,
        case
            when p.prokind <> 'a' then pg_get_functiondef(p.oid)
            else (
                select format(
                    'state %s from %s by %s, result by %s, sorted by %s', g.aggtranstype::regtype, g.agginitval,
                    g.aggtransfn, g.aggfinalfn, nullif(g.aggsortop, 0)::regoperator
                )
                from pg_aggregate g
                where g.aggfnoid = p.oid
            )
        end
    )
    from pg_proc p
    join schema n on n.oid = p.pronamespace
    union all
    -- Of what comes with the server only schema public belongs to its owner.
    select format('comment on %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
    from pg_description d
    where d.objoid >= 16384 or (d.classoid, d.objoid) = ('pg_namespace'::regclass, 'public'::regnamespace)
    union all
    select format(
        'extension %I version %s schema %s owner %s', extname, extversion, extnamespace::regnamespace,
        extowner::regrole
    )
    from pg_extension
    union all
    select format('extension %I has %s', e.extname, pg_describe_object(d.classid, d.objid, d.objsubid))
    from pg_depend d
    join pg_extension e on (d.refclassid, d.refobjid) = ('pg_extension'::regclass, e.oid)
    where d.deptype = 'e'
    union all
    select format(
        'statistics %s owner %s target %s', pg_get_statisticsobjdef(oid), stxowner::regrole, nullif(stxstattarget, -1)
    )
    from pg_statistic_ext
    union all
    select format(
        'event trigger %I on %s owner %s tags %s enabled %s calls %s', evtname, evtevent, evtowner::regrole, evttags,
        evtenabled, evtfoid::regproc
    )
    from pg_event_trigger
    union all
    select format(
        'default privileges of %s in %s for %s: %s', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace,
        defaclobjtype, defaclacl
    )
    from pg_default_acl
    union all
    select format(
        'publication %I owner %s all tables %s insert %s update %s delete %s truncate %s via root %s', pubname,
        pubowner::regrole, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot
    )
    from pg_publication
    union all
    select format(
        'publication %I of %s columns %s where %s', p.pubname, o.prrelid::regclass, o.prattrs,
        pg_get_expr(o.prqual, o.prrelid)
    )
    from pg_publication_rel o
    join pg_publication p on p.oid = o.prpubid
    union all
    select format('publication %I of schema %s', p.pubname, o.pnnspid::regnamespace)
    from pg_publication_namespace o
    join pg_publication p on p.oid = o.pnpubid
    union all
    select pg_describe_object(classid, objid, 0)
    from rare
    where objid >= 16384
)
select text from line order by text collate "C";
