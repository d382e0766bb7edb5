-- The tables of a database, partitions and foreign tables among them, each with the statements that create it.
--
-- Constraints, indexes and the like are objects of their own. A default that calls a function of the database is one
-- too, because that function may read the table. The columns that a partition or a child takes over from above are
-- not written again, unless they stand in another order: such a partition has been attached.
with member as materialized (
    select objid from pg_depend where classid = 'pg_class'::regclass and deptype = 'e'
), relation as materialized (
    select
        c.*, n.nspname, format('%I.%I', n.nspname, c.relname) as name, i.inhparent as parent,
        i.inhparent is not null and exists (
            select
            from (
                select attname, row_number() over (order by attnum) as place
                from pg_attribute
                where attrelid = c.oid and attnum > 0 and not attisdropped
            ) own
            full join (
                select attname, row_number() over (order by attnum) as place
                from pg_attribute
                where attrelid = i.inhparent and attnum > 0 and not attisdropped
            ) above using (attname, place)
            where own.place is null or above.place is null
        ) as was_attached
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_inherits i on i.inhrelid = c.oid and c.relispartition
    where c.relkind in ('r', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and c.oid not in (select objid from member)
), field as materialized (
    select
        r.oid, r.name, a.attnum, a.attname, a.attoptions, t.typstorage,
        coalesce((to_jsonb(a) ->> 'attstattarget')::integer, -1) as target, a.attstorage,
        a.attislocal and r.reloftype = 0 or r.was_attached as is_own,
        concat_ws(' ',
            format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
            'OPTIONS (' || (
                select string_agg(format('%I %L', option_name, option_value), ', ' order by option_name)
                from pg_options_to_table(a.attfdwoptions)
            ) || ')',
            'COMPRESSION ' || case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
            case when a.attcollation <> t.typcollation then 'COLLATE ' || a.attcollation::regcollation end,
            case
                when a.attidentity <> '' then concat(
                    'GENERATED ', case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end, ' AS IDENTITY',
                    (
                        select format(' (SEQUENCE NAME %s)', s.oid::regclass)
                        from pg_depend p
                        join pg_class s on s.oid = p.objid and s.relkind = 'S'
                        where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass
                            and p.refobjid = r.oid and p.refobjsubid = a.attnum and p.deptype = 'i'
                            and (s.relname <> concat(r.relname, '_', a.attname, '_seq') or s.relnamespace <> r.relnamespace)
                    )
                )
                when a.attgenerated <> '' then format(
                    'GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                    case a.attgenerated when 's' then 'STORED' else 'VIRTUAL' end
                )
                when not exists (
                    select
                    from pg_depend p
                    where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_proc'::regclass
                        and not exists (
                            select from pg_depend e
                            where e.classid = 'pg_proc'::regclass and e.objid = p.refobjid and e.deptype = 'e'
                        )
                ) then 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
            end,
            -- A name that the server would give is not written.
            case
                when a.attnotnull and coalesce(c.convalidated, true) and (coalesce(c.conislocal, true) or r.was_attached)
                then concat(
                    'CONSTRAINT ' || quote_ident(nullif(c.conname, concat(r.relname, '_', a.attname, '_not_null'))) || ' ',
                    'NOT NULL', case when c.connoinherit then ' NO INHERIT' end
                )
            end
        ) as text
    from relation r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_constraint c on c.conrelid = r.oid and c.contype = 'n' and c.conkey = array[a.attnum]
), statement (oid, place, text) as (
    select
        r.oid, 0::float8, concat(
            'CREATE ', case when r.relpersistence = 'u' then 'UNLOGGED ' end,
            case when r.relkind = 'f' then 'FOREIGN ' end, 'TABLE ', r.name,
            ' OF ' || nullif(r.reloftype, 0)::regtype,
            case when not r.was_attached then ' PARTITION OF ' || r.parent::regclass end,
            case
                when columns.text is not null then concat(E' (\n', columns.text, E'\n)')
                when r.parent is null and r.reloftype = 0 then ' ()'
            end,
            case when not r.was_attached then E'\n' || pg_get_expr(r.relpartbound, r.oid) end,
            E'\nINHERITS (' || (
                select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
                from pg_inherits i
                where i.inhrelid = r.oid and not r.relispartition
            ) || ')',
            E'\nPARTITION BY ' || pg_get_partkeydef(r.oid),
            case when r.relkind = 'r' then E'\nUSING ' || (
                select quote_ident(amname) from pg_am where oid = r.relam and amname <> 'heap'
            ) end,
            E'\nSERVER ' || (
                select concat(quote_ident(s.srvname), E'\nOPTIONS (' || (
                    select string_agg(format('%I %L', option_name, option_value), ', ' order by option_name)
                    from pg_options_to_table(f.ftoptions)
                ) || ')')
                from pg_foreign_table f
                join pg_foreign_server s on s.oid = f.ftserver
                where f.ftrelid = r.oid
            ),
            E'\nWITH (' || (
                select string_agg(format('%s = %L', prefix || option_name, option_value), ', ' order by prefix, option_name)
                from (
                    select '' as prefix, * from pg_options_to_table(r.reloptions)
                    union all
                    select 'toast.', o.*
                    from pg_class t
                    cross join lateral pg_options_to_table(t.reloptions) o
                    where t.oid = r.reltoastrelid
                ) options
            ) || ')',
            ';'
        )
    from relation r
    left join lateral (
        select string_agg(line, E',\n' order by place, line) as text
        from (
            select '    ' || f.text, f.attnum::integer
            from field f
            where f.oid = r.oid and f.is_own
            union all
            select format('    CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid)), 10000
            from pg_constraint c
            where c.conrelid = r.oid and r.was_attached and c.contype = 'c' and not c.conislocal
        ) each (line, place)
    ) columns on true
    union all
    select r.oid, 1, format(
        'ALTER TABLE ONLY %s ATTACH PARTITION %s %s;', r.parent::regclass, r.name, pg_get_expr(r.relpartbound, r.oid)
    )
    from relation r
    where r.was_attached
    union all
    -- A partition may have a constraint that its parent lacks, and a child of PostgreSQL 15 to 17 has no name for it.
    select f.oid, 2 + f.attnum / 10000.0, format('ALTER TABLE ONLY %s ALTER COLUMN %I SET NOT NULL;', f.name, f.attname)
    from field f
    join relation r on r.oid = f.oid
    join pg_attribute a on a.attrelid = f.oid and a.attnum = f.attnum and a.attnotnull
    where not f.is_own
        and not exists (
            select
            from pg_inherits i
            join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname and p.attnotnull
            where i.inhrelid = f.oid
        )
    union all
    select f.oid, 3 + f.attnum / 10000.0, format(
        'ALTER TABLE ONLY %s ALTER COLUMN %I SET STORAGE %s;', f.name, f.attname,
        case f.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end
    )
    from field f
    where f.attstorage <> f.typstorage
    union all
    select
        f.oid, 4 + f.attnum / 10000.0,
        format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s;', f.name, f.attname, f.target)
    from field f
    where f.target <> -1
    union all
    select f.oid, 5 + f.attnum / 10000.0, format(
        'ALTER TABLE ONLY %s ALTER COLUMN %I SET (%s);', f.name, f.attname,
        (
            select string_agg(format('%I = %L', option_name, option_value), ', ' order by option_name)
            from pg_options_to_table(f.attoptions)
        )
    )
    from field f
    where f.attoptions is not null
    union all
    select s.refobjid, 6 + s.refobjsubid / 10000.0, format(
        'ALTER SEQUENCE %s OWNED BY %s.%I;', s.objid::regclass, f.name, f.attname
    )
    from pg_depend s
    join pg_class c on c.oid = s.objid and c.relkind = 'S'
    join field f on f.oid = s.refobjid and f.attnum = s.refobjsubid
    where s.classid = 'pg_class'::regclass and s.refclassid = 'pg_class'::regclass and s.deptype = 'a'
    union all
    select oid, 7, format(
        'ALTER TABLE ONLY %s REPLICA IDENTITY %s;', name, case relreplident when 'f' then 'FULL' else 'NOTHING' end
    )
    from relation
    where relreplident in ('f', 'n') and relkind <> 'f'
    union all
    select oid, 8, format('ALTER TABLE ONLY %s ENABLE ROW LEVEL SECURITY;', name)
    from relation
    where relrowsecurity
    union all
    select oid, 9, format('ALTER TABLE ONLY %s FORCE ROW LEVEL SECURITY;', name)
    from relation
    where relforcerowsecurity
)
select
    format('pg_class/%s', r.oid) as address,
    case r.relkind when 'f' then 'foreign table' else 'table' end as kind,
    r.nspname::text as schema,
    r.name,
    r.name as relation,
    string_agg(s.text, E'\n' order by s.place, s.text) as definition
from relation r
join statement s on s.oid = r.oid
group by r.oid, r.relkind, r.nspname, r.name;
