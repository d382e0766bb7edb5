-- The sequences of a database, each with the statement that creates it; those of identity columns where they have options.
--
-- An identity column comes with its sequence, so only what is not as by default is written of that. Where a sequence
-- stands is data.
with sequence as (
    select
        c.oid, n.nspname, format('%I.%I', n.nspname, c.relname) as name, c.relpersistence, s.*,
        (
            select d.refobjid::regclass::text
            from pg_depend d
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
                and d.deptype in ('a', 'i')
        ) as relation,
        exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
        ) as is_identity,
        case when s.seqincrement > 0 then 1 else limits.least end as least,
        case when s.seqincrement > 0 then limits.greatest else -1 end as greatest
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid
    join pg_namespace n on n.oid = c.relnamespace
    cross join lateral (
        select
            case s.seqtypid when 'smallint'::regtype then -32768 when 'integer'::regtype then -2147483648
                else -9223372036854775808 end as least,
            case s.seqtypid when 'smallint'::regtype then 32767 when 'integer'::regtype then 2147483647
                else 9223372036854775807 end as greatest
    ) limits
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
), described as (
    select *, concat(
        case when not is_identity and seqtypid <> 'bigint'::regtype then ' AS ' || seqtypid::regtype end,
        case when seqincrement <> 1 then ' INCREMENT BY ' || seqincrement end,
        case when seqmin <> least then ' MINVALUE ' || seqmin end,
        case when seqmax <> greatest then ' MAXVALUE ' || seqmax end,
        case when seqstart <> case when seqincrement > 0 then seqmin else seqmax end then ' START WITH ' || seqstart end,
        case when seqcache <> 1 then ' CACHE ' || seqcache end,
        case when seqcycle then ' CYCLE' end
    ) as options
    from sequence
)
select
    format('pg_class/%s', oid) as address,
    'sequence' as kind,
    nspname::text as schema,
    name,
    relation,
    case
        when is_identity then format('ALTER SEQUENCE %s%s RESTART;', name, options)
        else format('CREATE %sSEQUENCE %s%s;', case when relpersistence = 'u' then 'UNLOGGED ' end, name, options)
    end as definition
from described
where not is_identity or options <> '';
