-- Functions that look names up where their caller says, and must not: those with the rights of their owner, and those that
-- an index or a constraint calls.
--
-- The latter are called while a dump is restored, with an empty search_path. A body that was read when the function was
-- created (BEGIN ATOMIC), and one in C, look nothing up.
with function as (
    select p.oid, p.oid::regprocedure::text as object, p.prosecdef
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and p.prokind in ('f', 'p') and p.prosqlbody is null and l.lanname not in ('c', 'internal')
        and not exists (
            select from unnest(p.proconfig) setting
            where setting like 'search_path=%'
        )
        and not exists (
            select from pg_depend d
            where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        )
), caller as (
    select d.refobjid as function, min(pg_describe_object(d.classid, d.objid, d.objsubid)) as name
    from pg_depend d
    where d.refclassid = 'pg_proc'::regclass
        and (
            d.classid = 'pg_constraint'::regclass
            or d.classid = 'pg_class'::regclass and (select relkind from pg_class where oid = d.objid) in ('i', 'I')
        )
    group by 1
)
select
    case when f.prosecdef then 'definer-without-search-path' else 'search-path-not-pinned' end as rule,
    f.object,
    jsonb_build_object('caller', c.name) as detail
from function f
left join caller c on c.function = f.oid
where f.prosecdef or c.name is not null
order by 1, 2;
