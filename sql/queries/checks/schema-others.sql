-- What belongs to no table: schemas, extensions, casts, operators, publications, event triggers, settings and the like.
--
-- An object of a kind that is not written here is named in a comment, so that its coming and going is seen.
with member as materialized (
    select classid, objid from pg_depend where deptype = 'e'
), schema as materialized (
    select oid, nspname
    from pg_namespace n
    where nspname !~ '^pg_' and nspname <> 'information_schema'
), rare (classid, objid) as (
    select tableoid, oid from pg_am
    union all select tableoid, oid from pg_conversion
    union all select tableoid, oid from pg_language
    union all select tableoid, oid from pg_opclass
    union all select tableoid, oid from pg_opfamily
    union all select tableoid, oid from pg_transform
    union all select tableoid, oid from pg_ts_parser
    union all select tableoid, oid from pg_ts_template
), object (classid, objid, kind, schema, name, definition) as (
    select
        'pg_namespace'::regclass::oid, oid, 'schema', null::text, quote_ident(nspname),
        format('CREATE SCHEMA %s%I;', case when nspname = 'public' then 'IF NOT EXISTS ' end, nspname)
    from schema
    union all
    -- The version is not written: an upgrade of the server's packages is no change of the schema.
    select
        'pg_extension'::regclass, e.oid, 'extension', null, quote_ident(e.extname),
        format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %s;', e.extname, e.extnamespace::regnamespace)
    from pg_extension e
    where e.extname <> 'plpgsql'
    union all
    select
        'pg_collation'::regclass, c.oid, 'collation', n.nspname, format('%I.%I', n.nspname, c.collname),
        format('CREATE COLLATION %I.%I (%s);', n.nspname, c.collname, concat_ws(', ',
            'PROVIDER = ' || case c.collprovider when 'i' then 'icu' when 'c' then 'libc' else 'builtin' end,
            case when not c.collisdeterministic then 'DETERMINISTIC = false' end,
            'LOCALE = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')),
            'LC_COLLATE = ' || quote_literal(c.collcollate),
            'LC_CTYPE = ' || quote_literal(c.collctype),
            'RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules')
        ))
    from pg_collation c
    join schema n on n.oid = c.collnamespace
    union all
    select
        'pg_cast'::regclass, c.oid, 'cast', null,
        format('(%s as %s)', format_type(c.castsource, null), format_type(c.casttarget, null)),
        format(
            'CREATE CAST (%s AS %s) %s%s;', format_type(c.castsource, null), format_type(c.casttarget, null),
            case c.castmethod
                when 'f' then 'WITH FUNCTION ' || c.castfunc::regprocedure
                when 'i' then 'WITH INOUT'
                else 'WITHOUT FUNCTION'
            end,
            case c.castcontext when 'a' then ' AS ASSIGNMENT' when 'i' then ' AS IMPLICIT' end
        )
    from pg_cast c
    where c.oid >= 16384
        -- That of a range to its multirange comes with the type.
        and not exists (
            select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'i'
        )
    union all
    select
        'pg_operator'::regclass, o.oid, 'operator', n.nspname, o.oid::regoperator::text,
        format(E'CREATE OPERATOR %I.%s (\n    %s\n);', n.nspname, o.oprname, concat_ws(E',\n    ',
            'FUNCTION = ' || o.oprcode,
            'LEFTARG = ' || format_type(nullif(o.oprleft, 0), null),
            'RIGHTARG = ' || format_type(nullif(o.oprright, 0), null),
            'COMMUTATOR = ' || (
                select format('OPERATOR(%I.%s)', s.nspname, c.oprname)
                from pg_operator c join pg_namespace s on s.oid = c.oprnamespace where c.oid = o.oprcom
            ),
            'NEGATOR = ' || (
                select format('OPERATOR(%I.%s)', s.nspname, c.oprname)
                from pg_operator c join pg_namespace s on s.oid = c.oprnamespace where c.oid = o.oprnegate
            ),
            'RESTRICT = ' || nullif(o.oprrest, 0)::regproc,
            'JOIN = ' || nullif(o.oprjoin, 0)::regproc,
            case when o.oprcanhash then 'HASHES' end,
            case when o.oprcanmerge then 'MERGES' end
        ))
    from pg_operator o
    join schema n on n.oid = o.oprnamespace
    -- One that another operator names before it is created has no function yet.
    where o.oprcode <> 0
    union all
    select
        'pg_ts_dict'::regclass, d.oid, 'text search dictionary', n.nspname, d.oid::regdictionary::text,
        format(
            'CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %I.%I%s);', d.oid::regdictionary, t.nspname, t.tmplname,
            ', ' || d.dictinitoption
        )
    from pg_ts_dict d
    join schema n on n.oid = d.dictnamespace
    join (
        select t.oid, s.nspname, t.tmplname from pg_ts_template t join pg_namespace s on s.oid = t.tmplnamespace
    ) t on t.oid = d.dicttemplate
    union all
    select
        'pg_ts_config'::regclass, c.oid, 'text search configuration', n.nspname, c.oid::regconfig::text,
        concat(
            format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I);', c.oid::regconfig, p.nspname, p.prsname),
            (
                select string_agg(
                    format(
                        E'\nALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR %I WITH %s;', c.oid::regconfig, m.alias,
                        m.dictionaries
                    ),
                    '' order by m.alias
                )
                from (
                    select t.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
                    from pg_ts_config_map m
                    join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
                    where m.mapcfg = c.oid
                    group by t.alias
                ) m
            )
        )
    from pg_ts_config c
    join schema n on n.oid = c.cfgnamespace
    join (
        select p.oid, s.nspname, p.prsname from pg_ts_parser p join pg_namespace s on s.oid = p.prsnamespace
    ) p on p.oid = c.cfgparser
    union all
    select
        'pg_foreign_data_wrapper'::regclass, w.oid, 'foreign data wrapper', null, quote_ident(w.fdwname),
        concat(
            format('CREATE FOREIGN DATA WRAPPER %I', w.fdwname), ' HANDLER ' || nullif(w.fdwhandler, 0)::regproc,
            ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc, ';'
        )
    from pg_foreign_data_wrapper w
    union all
    select
        'pg_foreign_server'::regclass, s.oid, 'server', null, quote_ident(s.srvname),
        concat(
            format('CREATE SERVER %I', s.srvname), ' TYPE ' || quote_literal(s.srvtype),
            ' VERSION ' || quote_literal(s.srvversion), format(' FOREIGN DATA WRAPPER %I', w.fdwname),
            ' OPTIONS (' || (
                select string_agg(format('%I %L', option_name, option_value), ', ' order by option_name)
                from pg_options_to_table(s.srvoptions)
                -- Not a server's by right, but a user's.
                where option_name !~* 'password'
            ) || ')', ';'
        )
    from pg_foreign_server s
    join pg_foreign_data_wrapper w on w.oid = s.srvfdw
    union all
    select
        'pg_event_trigger'::regclass, e.oid, 'event trigger', null, quote_ident(e.evtname),
        concat(
            format('CREATE EVENT TRIGGER %I ON %s', e.evtname, e.evtevent),
            E'\n    WHEN TAG IN (' || (
                select string_agg(quote_literal(tag), ', ' order by tag) from unnest(e.evttags) tag
            ) || ')',
            E'\n    EXECUTE FUNCTION ', e.evtfoid::regproc, '();',
            case e.evtenabled
                when 'D' then format(E'\nALTER EVENT TRIGGER %I DISABLE;', e.evtname)
                when 'R' then format(E'\nALTER EVENT TRIGGER %I ENABLE REPLICA;', e.evtname)
                when 'A' then format(E'\nALTER EVENT TRIGGER %I ENABLE ALWAYS;', e.evtname)
            end
        )
    from pg_event_trigger e
    union all
    select
        'pg_publication'::regclass, p.oid, 'publication', null, quote_ident(p.pubname),
        concat(
            format('CREATE PUBLICATION %I', p.pubname),
            case when p.puballtables then ' FOR ALL TABLES' end,
            E'\n    FOR ' || (
                select string_agg(target, ', ' order by place, target)
                from (
                    select 1 as place, concat(
                        'TABLE ONLY ', r.prrelid::regclass,
                        ' (' || (
                            select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
                            from pg_attribute a
                            where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)
                        ) || ')',
                        ' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')'
                    ) as target
                    from pg_publication_rel r
                    where r.prpubid = p.oid
                    union all
                    select 2, 'TABLES IN SCHEMA ' || s.pnnspid::regnamespace
                    from pg_publication_namespace s
                    where s.pnpubid = p.oid
                ) targets
            ),
            E'\n    WITH (publish = ', quote_literal(concat_ws(', ',
                case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end
            )),
            case when p.pubviaroot then ', publish_via_partition_root = true' end,
            case when to_jsonb(p) ->> 'pubgencols' = 's' then ', publish_generated_columns = stored' end,
            ');'
        )
    from pg_publication p
    union all
    select classid, objid, 'other', null, pg_describe_object(classid, objid, 0), '-- Not written: ' || pg_describe_object(classid, objid, 0)
    from rare
    where objid >= 16384
)
select
    format('%s/%s', o.classid::regclass, o.objid) as address,
    o.kind,
    o.schema,
    o.name,
    null::text as relation,
    o.definition
from object o
where not exists (select from member m where m.classid = o.classid and m.objid = o.objid);
