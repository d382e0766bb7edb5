-- Names what can change the contents of a view while no row of the tables below it changes: the clock, the session,
-- chance, a function that hides what it reads, a foreign table, the system catalog.
--
-- What comes with the server has no entry in pg_depend, so the tree of the query is searched for its identifiers; the
-- names of the fields are the same in PostgreSQL 15 to 18. Of the stable functions of the server only those of the clock
-- and of the session count: the others depend on settings such as TimeZone.
create or replace function public.changes_without_bases(view regclass)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with source as materialized (
        select s.classid, s.objid from public.view_sources(changes_without_bases.view) s
    ), tree (text) as materialized (
        select r.ev_action::text
        from pg_rewrite r
        left join pg_class c on c.oid = r.ev_class and c.relkind = 'v'
        where r.rulename = '_RETURN' and (
            r.ev_class = changes_without_bases.view
            or c.oid in (select objid from source where classid = 'pg_class'::regclass)
        )
        union all
        select p.prosqlbody::text
        from pg_proc p
        join source s on s.classid = 'pg_proc'::regclass and s.objid = p.oid
        where p.prosqlbody is not null
    ), called (oid) as (
        select distinct m[1]::oid
        from tree
        cross join lateral regexp_matches(tree.text, ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)', 'g') m
        union
        select objid from source where classid = 'pg_proc'::regclass
    )
    select coalesce(array_agg(distinct named.name order by named.name), '{}')
    from (
        select p.oid::regproc::text || '()' as name
        from called
        join pg_proc p on p.oid = called.oid
        where case
            when p.pronamespace = 'pg_catalog'::regnamespace then
                p.provolatile = 'v'
                or p.proname in ('now', 'transaction_timestamp', 'statement_timestamp', 'current_setting')
                or p.proname = 'age' and p.pronargs = 1
            else p.provolatile <> 'i' and p.prosqlbody is null
        end
        union all
        select 'current_date or the like' from tree where tree.text like '%{SQLVALUEFUNCTION %'
        union all
        select c.oid::regclass::text
        from source s
        join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid
        where c.relkind = 'f'
        union all
        select 'the system catalog'
        from tree
        cross join lateral regexp_matches(tree.text, ':relid (\d+)', 'g') m
        where m[1]::bigint between 1 and 16383
    ) named;
$function$;

comment on function public.changes_without_bases(regclass) is
    'Names what can change the contents of a view while no row of the tables below it changes: the clock, the session, chance, a function that hides what it reads, a foreign table, the system catalog.';
