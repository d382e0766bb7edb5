-- Returns the present state of each table and materialized view that a view reads, partitions and children summed up.
--
-- `storage` also tells of changes to the plain views, functions and policies that lie between.
--
-- The counts are of what has been committed or rolled back; what another session did is counted at the latest ten
-- seconds after its commit, or when it ends the transaction after that. What this session did is counted at once.
create or replace function public.base_states(view regclass)
returns table (base regclass, change_count bigint, storage text, row_estimate bigint)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with recursive source as materialized (
        select s.classid, s.objid from public.view_sources(base_states.view) s
    ), definition (text) as (
        select r.ev_action::text
        from source s
        join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid and c.relkind = 'v'
        join pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
        union all
        select concat_ws(' ', p.oid, p.prosrc, p.prosqlbody, p.proconfig)
        from source s
        join pg_proc p on s.classid = 'pg_proc'::regclass and p.oid = s.objid
        union all
        select concat_ws(' ', c.oid, c.relforcerowsecurity, p.polpermissive, p.polroles, p.polqual)
        from source s
        join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid and c.relrowsecurity
        left join pg_policy p on p.polrelid = c.oid
    ), relation (base, oid) as (
        select c.oid, c.oid
        from source s
        join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid
        where c.relkind in ('r', 'p', 'm', 'f')
        union
        select r.base, i.inhrelid from relation r join pg_inherits i on i.inhparent = r.oid
    )
    select
        r.base::regclass,
        sum(
            pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid)
            + pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
            + pg_stat_get_xact_tuples_deleted(c.oid)
        )::bigint,
        md5(concat(
            string_agg(concat(c.oid, ':', pg_relation_filenode(c.oid)), ' ' order by c.oid),
            (select string_agg(d.text, ' ' order by d.text) from definition d)
        )),
        sum(greatest(c.reltuples, 0))::bigint
    from relation r
    join pg_class c on c.oid = r.oid
    group by r.base;
$function$;

comment on function public.base_states(regclass) is
    'Returns the present state of each table and materialized view that a view reads, partitions and children summed up.';
