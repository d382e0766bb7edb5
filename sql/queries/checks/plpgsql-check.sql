-- Where plpgsql_check is in this database, and what it can look into: one row.
--
-- A trigger function is looked into once for each table that calls it, and not at all where none does: without one it
-- has no row to speak of. What belongs to an extension is the affair of its authors.
with body as (
    select p.oid, p.oid::regprocedure::text as object, t.tgrelid, t.tgoldtable, t.tgnewtable
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
    left join (
        select distinct g.tgfoid, g.tgrelid, g.tgoldtable, g.tgnewtable from pg_trigger g where not g.tgisinternal
    ) t on t.tgfoid = p.oid
    where l.lanname = 'plpgsql' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and (p.prorettype <> 'trigger'::regtype or t.tgrelid is not null)
        and not exists (
            select from pg_depend d
            where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        )
)
select
    current_database() as database,
    quote_ident(n.nspname) as schema,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'function', b.oid::bigint, 'object', b.object, 'relation', coalesce(b.tgrelid, 0)::bigint,
                    'old_table', b.tgoldtable, 'new_table', b.tgnewtable
                )
                order by b.object, b.tgrelid
            ),
            '[]'
        )
        from body b
    ) as bodies
from (select) one
left join pg_extension e on e.extname = 'plpgsql_check'
left join pg_namespace n on n.oid = e.extnamespace;
