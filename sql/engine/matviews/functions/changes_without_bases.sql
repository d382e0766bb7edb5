-- Names what can change the contents of a view while no row of the tables below it changes: the clock, the session,
-- chance, a function that hides what it reads, a foreign table, the system catalog.
--
-- What comes with the server has no entry in pg_depend, so the tree of the query is searched for its identifiers; the
-- names of the fields are the same in PostgreSQL 15 to 18. Of the stable functions of the server only those of the
-- clock and of the session count: the others depend on settings such as TimeZone.
create or replace function public.changes_without_bases(view regclass)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with recursive source as materialized (
        select s.classid, s.objid from public.view_sources(changes_without_bases.view) s
    ), relation (oid) as (
        select objid from source where classid = 'pg_class'::regclass
        union
        select i.inhrelid from relation r join pg_inherits i on i.inhparent = r.oid
    ), active_policy as materialized (
        select * from public.active_policies(changes_without_bases.view)
    ), tree (text) as materialized (
        select r.ev_action::text
        from (
            select changes_without_bases.view::oid as oid
            union all
            select c.oid
            from source s
            join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid and c.relkind = 'v'
        ) c
        join pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
        union all
        select p.prosqlbody::text
        from pg_proc p
        join source s on s.classid = 'pg_proc'::regclass and s.objid = p.oid
        where p.prosqlbody is not null
        union all
        select condition from active_policy
    ), called (oid) as (
        select distinct m[1]::oid
        from tree
        cross join lateral regexp_matches(tree.text, ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)', 'g') m
        union
        select objid from source where classid = 'pg_proc'::regclass
    )
    select coalesce(array_agg(distinct named.name order by named.name), '{}')
    from (
        select
            case p.pronamespace when 'pg_catalog'::regnamespace then p.proname else p.oid::regproc::text end || '()' as name
        from called
        join pg_proc p on p.oid = called.oid
        where case
            when p.pronamespace = 'pg_catalog'::regnamespace then
                p.provolatile = 'v'
                or p.proname in ('now', 'transaction_timestamp', 'statement_timestamp')
                or p.proname = 'age' and p.pronargs = 1
                or p.provolatile = 's' and p.proname ~ '^(pg_|txid_|inet_|has_|current_)'
            else p.provolatile <> 'i' and p.prosqlbody is null
        end
        union all
        select 'current_date or the like' from tree where tree.text like '%{SQLVALUEFUNCTION %'
        union all
        select 'TABLESAMPLE' from tree where tree.text like '%{TABLESAMPLECLAUSE %'
        union all
        select 'row-level security of ' || relation from active_policy where condition like '%{SUBLINK %'
        union all
        -- No join: for one the planner would read all of pg_class.
        select oid::regclass::text from relation r where (select c.relkind from pg_class c where c.oid = r.oid) = 'f'
        union all
        select 'the system catalog'
        from tree
        cross join lateral regexp_matches(tree.text, ':relid (\d+)', 'g') m
        where m[1]::bigint between 1 and 16383
    ) named;
$function$;

comment on function public.changes_without_bases(regclass) is
    'Names what can change the contents of a view while no row of the tables below it changes: the clock, the session, chance, a function that hides what it reads, a foreign table, the system catalog.';
