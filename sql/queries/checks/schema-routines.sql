-- The functions, procedures and aggregates of a database, each with the statement that creates it.
select
    format('pg_proc/%s', p.oid) as address,
    case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end as kind,
    n.nspname::text as schema,
    p.oid::regprocedure::text as name,
    null::text as relation,
    case
        when p.prokind <> 'a' then rtrim(pg_get_functiondef(p.oid), E'\n') || ';'
        else (
            select format(
                E'CREATE AGGREGATE %I.%I (%s) (\n    %s\n);', n.nspname, p.proname,
                coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'),
                concat_ws(E',\n    ',
                    'SFUNC = ' || g.aggtransfn,
                    'STYPE = ' || format_type(g.aggtranstype, null),
                    'SSPACE = ' || nullif(g.aggtransspace, 0),
                    'FINALFUNC = ' || nullif(g.aggfinalfn, 0)::regproc,
                    case when g.aggfinalextra then 'FINALFUNC_EXTRA' end,
                    case
                        when g.aggfinalfn <> 0 and g.aggfinalmodify <> case when g.aggkind = 'n' then 'r' else 'w' end
                        then 'FINALFUNC_MODIFY = '
                            || case g.aggfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end
                    end,
                    'COMBINEFUNC = ' || nullif(g.aggcombinefn, 0)::regproc,
                    'SERIALFUNC = ' || nullif(g.aggserialfn, 0)::regproc,
                    'DESERIALFUNC = ' || nullif(g.aggdeserialfn, 0)::regproc,
                    'INITCOND = ' || quote_literal(g.agginitval),
                    'MSFUNC = ' || nullif(g.aggmtransfn, 0)::regproc,
                    'MINVFUNC = ' || nullif(g.aggminvtransfn, 0)::regproc,
                    'MSTYPE = ' || format_type(nullif(g.aggmtranstype, 0), null),
                    'MFINALFUNC = ' || nullif(g.aggmfinalfn, 0)::regproc,
                    'MINITCOND = ' || quote_literal(g.aggminitval),
                    'SORTOP = ' || (
                        select format('OPERATOR(%I.%s)', s.nspname, o.oprname)
                        from pg_operator o
                        join pg_namespace s on s.oid = o.oprnamespace
                        where o.oid = g.aggsortop
                    ),
                    case when g.aggkind = 'h' then 'HYPOTHETICAL' end,
                    'PARALLEL = ' || case p.proparallel when 's' then 'SAFE' when 'r' then 'RESTRICTED' end
                )
            )
            from pg_aggregate g
            where g.aggfnoid = p.oid
        )
    end as definition
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
        select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
    )
    -- The functions of a range type come with it.
    and not exists (
        select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i'
    );
