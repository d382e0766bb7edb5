-- What the catalog says of the relations, types and functions that statements name: one row.
--
-- Of relations also those that hang together with them: partitions, other sides of foreign keys, what a view reads.
--
-- $1 is an object with the arrays relations (key, schema, name, path, cascade), types (key, name), functions (schema,
-- name) and extensions (name).
-- A name is resolved along `path`, or along the path that the session began with: names inside the functions of this
-- query have been resolved when they are called, and so are not looked up there.
-- No function here opens a relation, since that would wait for whoever has locked it: that is why expressions are not
-- shown, and sizes belong to another query.
with recursive input as (
    select $1::jsonb as given, reset_val as session_path
    from pg_settings
    where name = 'search_path'
), asked as materialized (
    select
        a.key,
        a.cascade,
                to_regclass(
            case
                -- A schema that the user may not look into would be an error.
                when not coalesce(has_schema_privilege(to_regnamespace(quote_ident(a.schema)), 'usage'), a.schema is null)
                    then null
                when set_config('search_path', coalesce(a.path, input.session_path), true) is not null then a.name
            end
        )::oid as oid
    from input
    cross join jsonb_to_recordset(input.given -> 'relations')
        a (key text, schema text, name text, path text, cascade boolean)
), asked_type as materialized (
    select
        a.key,
        to_regtype(
            case when set_config('search_path', input.session_path, true) is not null then a.name end
        )::oid as oid
    from input
    cross join jsonb_to_recordset(input.given -> 'types') a (key text, name text)
), reached (oid, role) as (
    select oid, case when cascade then 'cascade' else 'asked' end
    from asked
    where oid is not null
    union
    select next.oid, next.role
    from reached r
    cross join lateral (
        -- The table of an index.
        select i.indrelid, r.role
        from pg_index i
        where i.indexrelid = r.oid
        union all
        -- Partitions and other children; those of a parent that was reached from below are its own affair.
        select h.inhrelid, r.role
        from pg_inherits h
        where h.inhparent = r.oid and r.role <> 'parent'
        union all
        select h.inhparent, 'parent'
        from pg_inherits h
        where h.inhrelid = r.oid and r.role in ('asked', 'cascade')
        union all
        select p.partdefid, 'other'
        from pg_partitioned_table p
        where p.partrelid = r.oid and p.partdefid <> 0 and r.role = 'parent'
        union all
        -- The other side of foreign keys.
        select
            case when f.conrelid = r.oid then f.confrelid else f.conrelid end,
            case when r.role = 'cascade' and f.confrelid = r.oid then 'cascade' else 'other' end
        from pg_constraint f
        where f.contype = 'f' and r.oid in (f.conrelid, f.confrelid) and r.role in ('asked', 'cascade', 'parent')
        union all
        -- What a view reads.
        select d.refobjid, 'asked'
        from pg_rewrite w
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
        where w.ev_class = r.oid
            and d.refclassid = 'pg_class'::regclass
            and d.refobjid <> r.oid
            and r.role in ('asked', 'cascade')
        union all
        -- Views that read it.
        select w.ev_class, 'cascade'
        from pg_depend d
        join pg_rewrite w on w.oid = d.objid
        where d.refclassid = 'pg_class'::regclass
            and d.refobjid = r.oid
            and d.classid = 'pg_rewrite'::regclass
            and w.ev_class <> r.oid
            and r.role = 'cascade'
    ) next (oid, role)
), found as materialized (
    select distinct oid from reached
), relation as (
    select jsonb_build_object(
        'oid', c.oid::bigint,
        'schema', n.nspname,
        'name', c.relname,
        'text', c.oid::regclass::text,
        'kind', c.relkind,
        'owner', pg_get_userbyid(c.relowner),
        'is_owner', pg_has_role(c.relowner, 'usage'),
        -- The owner of a schema may drop what others have in it.
        'can_drop', pg_has_role(c.relowner, 'usage') or pg_has_role(n.nspowner, 'usage'),
        'privileges', (
            select coalesce(jsonb_agg(p.name), '[]')
            from (
                values ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')
            ) p (name)
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and has_any_column_privilege(c.oid, p.name)
        ) || (
            select coalesce(jsonb_agg(p.name), '[]')
            from (
                values ('DELETE'), ('TRUNCATE'), ('TRIGGER')
            ) p (name)
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and has_table_privilege(c.oid, p.name)
        ),
                'can_maintain', case
            when current_setting('server_version_num')::integer < 170000 then pg_has_role(c.relowner, 'usage')
            when c.relkind in ('r', 'p', 'm') then has_table_privilege(c.oid, 'maintain')
        end,
        'persistence', c.relpersistence,
        'access_method', (select m.amname from pg_am m where m.oid = c.relam),
        'parents', (select jsonb_agg(h.inhparent::bigint) from pg_inherits h where h.inhrelid = c.oid),
        'default_partition', (select p.partdefid::bigint from pg_partitioned_table p where p.partrelid = c.oid),
        'table', (select i.indrelid::bigint from pg_index i where i.indexrelid = c.oid),
        'reads', (
            select jsonb_agg(distinct d.refobjid::bigint)
            from pg_rewrite w
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
            where w.ev_class = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid
        ),
        'reads_columns', (
            select jsonb_agg(distinct jsonb_build_array(d.refobjid::bigint, a.attname))
            from pg_rewrite w
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where w.ev_class = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid
        ),
        'columns', (
            select jsonb_agg(
                jsonb_build_object(
                    'name', a.attname,
                    -- Of a domain, what it is made of.
                    'type', coalesce(nullif(t.typbasetype, 0), t.oid)::bigint,
                    'type_text', format_type(a.atttypid, a.atttypmod),
                    'modifier', case t.typtype when 'd' then t.typtypmod else a.atttypmod end,
                    'collation', l.collname,
                    'not_null', a.attnotnull
                )
                order by a.attnum
            )
            from pg_attribute a
            join pg_type t on t.oid = a.atttypid
            left join pg_collation l on l.oid = a.attcollation
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        ),
        'constraints', (
            select jsonb_agg(
                jsonb_build_object(
                    'name', k.conname,
                    'kind', k.contype,
                    'validated', k.convalidated,
                    'inherited', k.conparentid <> 0,
                    'references', nullif(k.confrelid, 0)::bigint,
                    'delete_action', k.confdeltype,
                    'update_action', k.confupdtype,
                    'deferrable', k.condeferrable,
                    'deferred', k.condeferred,
                    'definition', case when k.contype = 'c' then pg_get_constraintdef(k.oid) end,
                    'columns', (
                        select jsonb_agg(a.attname)
                        from pg_attribute a
                        where a.attrelid = k.conrelid and a.attnum = any (k.conkey)
                    ),
                    'referenced_columns', (
                        select jsonb_agg(a.attname)
                        from pg_attribute a
                        where a.attrelid = k.confrelid and a.attnum = any (k.confkey)
                    )
                )
                order by k.conname
            )
            from pg_constraint k
            where k.conrelid = c.oid
        ),
        'indexes', (
            select jsonb_agg(
                jsonb_build_object(
                    'name', (select x.relname from pg_class x where x.oid = i.indexrelid),
                    'plain', i.indexprs is null and i.indpred is null,
                    -- Columns in its expressions and its condition are dependencies of it as well.
                    'columns', (
                        select jsonb_agg(a.attname)
                        from pg_attribute a
                        where a.attrelid = i.indrelid
                            and (
                                a.attnum = any (i.indkey)
                                or exists (
                                    select
                                    from pg_depend d
                                    where d.classid = 'pg_class'::regclass
                                        and d.objid = i.indexrelid
                                        and d.refclassid = 'pg_class'::regclass
                                        and d.refobjid = i.indrelid
                                        and d.refobjsubid = a.attnum
                                )
                            )
                    )
                )
                order by i.indexrelid
            )
            from pg_index i
            where i.indrelid = c.oid
        ),
        'triggers', (select count(*) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)
    ) as document
    from found
    join pg_class c on c.oid = found.oid
    join pg_namespace n on n.oid = c.relnamespace
), type as (
    select jsonb_build_object(
        'key', a.key,
        'oid', t.oid::bigint,
        'modifier', t.typtypmod,
        'base', nullif(t.typbasetype, 0)::bigint,
        'collation', (select l.collname from pg_collation l where l.oid = t.typcollation),
        'has_default', t.typdefaultbin is not null,
        'is_constrained', t.typnotnull or exists (select from pg_constraint k where k.contypid = t.oid)
            -- A domain over a domain: what it is made of is not followed, and taken to be constrained.
            or exists (select from pg_type b where b.oid = t.typbasetype and b.typtype = 'd')
    ) as document
    from asked_type a
    join pg_type t on t.oid = a.oid
), function as (
    select jsonb_build_object(
        'schema', a.schema,
        'name', a.name,
        'volatile', bool_or(p.provolatile = 'v'),
        -- What the server's own functions do is known, and an immutable one touches nothing.
        'opaque', bool_or(l.lanname <> 'internal' and p.provolatile <> 'i')
    ) as document
    from input
    cross join jsonb_to_recordset(input.given -> 'functions') a (schema text, name text)
    join pg_proc p on p.proname = a.name
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
    where n.nspname = a.schema
        or a.schema is null and (
            n.nspname = 'pg_catalog'
            or not exists (
                select from pg_proc s where s.proname = a.name and s.pronamespace = 'pg_catalog'::regnamespace
            )
        )
    group by a.schema, a.name
)
select
    coalesce((select jsonb_object_agg(key, oid::bigint) from asked where oid is not null), '{}') as asked,
    coalesce((select jsonb_agg(document) from relation), '[]') as relations,
    coalesce((select jsonb_agg(document) from type), '[]') as types,
    coalesce((select jsonb_agg(document) from function), '[]') as functions,
        coalesce(
        (
            select jsonb_object_agg(n.nspname, has_schema_privilege(n.oid, 'create'))
            from pg_namespace n
            where n.nspname !~ '^pg_'
        ),
        '{}'
    ) as schemas,
    coalesce(
        (
            select jsonb_agg(distinct jsonb_build_object('name', v.name, 'superuser', v.superuser and not v.trusted))
            from input
            cross join jsonb_to_recordset(input.given -> 'extensions') a (name text)
            join pg_available_extension_versions v on v.name = a.name
            join pg_available_extensions e on e.name = v.name and e.default_version = v.version
            where e.installed_version is null
        ),
        '[]'
    ) as extensions,
    current_database() as database,
    has_database_privilege(current_database(), 'create') as can_create,
    (
        select case when set_config('search_path', input.session_path, true) is not null then current_schema() end
        from input
    ) as default_schema,
    coalesce(
        (
            select jsonb_agg(jsonb_build_array(castsource::bigint, casttarget::bigint))
            from pg_cast
            where castmethod = 'b'
        ),
        '[]'
    ) as binary_casts;
