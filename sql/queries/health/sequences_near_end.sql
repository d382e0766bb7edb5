-- Sequences that have used most of the numbers that their column, or they themselves, can hold.
--
-- Reading one locks it to the end of the transaction, in a table of locks that all share: so it reads those of the
-- largest tables only, and none that can count to 2 to the power of 63.
with using_column as (
    -- The column that owns the sequence (serial, identity), or whose default calls it.
    select distinct on (s.objid) s.objid as sequence, a.attrelid, a.attname, a.atttypid
    from (
        select d.objid, d.refobjid as relation, d.refobjsubid as attnum
        from pg_depend d
        where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
            and d.deptype in ('a', 'i') and d.refobjsubid > 0
        union all
        select d.refobjid, f.adrelid, f.adnum
        from pg_depend d
        join pg_attrdef f on f.oid = d.objid
        where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
    ) s
    join pg_class q on q.oid = s.objid and q.relkind = 'S'
    join pg_attribute a on a.attrelid = s.relation and a.attnum = s.attnum
    -- The smallest type decides where several columns take their numbers from it.
    order by s.objid, array_position(array['int2', 'int4']::regtype[], a.atttypid::regtype), a.attrelid, a.attnum
), candidate as materialized (
    select
        c.oid::regclass as sequence, s.seqmax, u.attrelid::regclass as relation, u.attname, u.atttypid,
        least(
            s.seqmax,
            case u.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else s.seqmax end
        ) as highest,
        s.seqstart, t.reltuples
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid and not pg_is_other_temp_schema(c.relnamespace)
    left join using_column u on u.sequence = c.oid
    left join pg_class t on t.oid = u.attrelid
    where not s.seqcycle and s.seqincrement > 0
), looked_at as materialized (
    select * from candidate where highest < 9223372036854775807
    order by reltuples desc nulls last, sequence
    -- A server has room for 6400 locks by default.
    limit 1000
), of_sequence as materialized (
    select
        l.*,
        case
            when has_sequence_privilege(l.sequence, 'select, usage')
                then coalesce(pg_sequence_last_value(l.sequence), l.seqstart)
        end as value
    from looked_at l
)
select
    -- At three quarters there is time to plan the change of a large table; a tenth may be gone in days.
    case when o.value >= 0.9 * o.highest then 'error' else 'warning' end as level,
    o.sequence::text as object,
    jsonb_build_object(
        'value', o.value, 'highest', o.highest, 'column', o.relation::text || '.' || o.attname,
        'type', o.atttypid::regtype::text
    ) as detail,
    nullif(
        concat_ws(
            E'\n',
            case
                when o.atttypid in ('int2'::regtype, 'int4'::regtype)
                    then format('alter table %s alter column %I type bigint;', o.relation, o.attname)
            end,
            case
                when o.seqmax < 9223372036854775807
                    then format('alter sequence %s as bigint no maxvalue;', o.sequence)
            end
        ),
        ''
    ) as cure
from of_sequence o
where o.value >= 0.75 * o.highest
union all
select
    'not_checked', 'sequences', jsonb_build_object('hidden', count(*)),
    format('grant pg_read_all_data to %I;', current_user)
from of_sequence o
where o.value is null
having count(*) > 0
union all
select 'not_checked', 'sequences', jsonb_build_object('hidden', c.all_of_them - l.looked_at, 'limit', l.looked_at), null
from (select count(*) as all_of_them from candidate where highest < 9223372036854775807) c
cross join (select count(*) as looked_at from looked_at) l
where c.all_of_them > l.looked_at
order by 1, 2;
