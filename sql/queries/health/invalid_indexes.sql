-- Indexes that are not valid and that nobody is building: one row for each, of a partitioned one for the whole.
with invalid as (
    select x.*, c.relkind, c.relispartition, c.relname
    from pg_index x
    join pg_class c on c.oid = x.indexrelid and not pg_is_other_temp_schema(c.relnamespace)
    where not x.indisvalid
), building as (
    -- Who may not see what others build knows only that somebody does.
    select p.relid, p.relid is null as is_hidden
    from pg_stat_progress_create_index p
    where p.datname = current_database()
), lacking as (
    -- The partitions that have no index attached to an invalid one of their parent.
    select v.indexrelid, i.inhrelid
    from invalid v
    join pg_inherits i on i.inhparent = v.indrelid
    where v.relkind = 'I'
        and not exists (
            select from pg_inherits a join pg_index own on own.indexrelid = a.inhrelid
            where a.inhparent = v.indexrelid and own.indrelid = i.inhrelid
        )
), attaching as (
    -- Its own index there, under a name that is not taken, and then that is attached. Below it, PostgreSQL builds a
    -- partitioned one at once with its parts.
    select
        l.indexrelid,
        string_agg(
            format(
                E'create %sindex %s%I on %s%s;\nalter index %s attach partition %I.%I;',
                case when v.indisunique then 'unique ' else '' end,
                case when c.relkind = 'p' then '' else 'concurrently ' end,
                n.name, l.inhrelid::regclass,
                substr(d.definition, strpos(lower(d.definition), lower(d.place)) + length(d.place)),
                l.indexrelid::regclass, s.nspname, n.name
            ),
            E'\n' order by l.inhrelid
        ) as statements
    from lacking l
    join invalid v on v.indexrelid = l.indexrelid
    join pg_class c on c.oid = l.inhrelid
    join pg_namespace s on s.oid = c.relnamespace
    cross join lateral (select format('%s_%s', left(v.relname, 30), l.inhrelid) as name) n
    cross join lateral (
        select pg_get_indexdef(l.indexrelid) as definition, ' on only ' || v.indrelid::regclass as place
    ) d
    group by l.indexrelid
)
select
    case when b.is_hidden then 'not_checked' else 'warning' end as level,
    case when b.is_hidden then 'index builds' else v.indexrelid::regclass::text end as object,
    jsonb_build_object(
        'table', v.indrelid::regclass::text,
        'unique', v.indisunique,
        'lacking', (
            select coalesce(jsonb_agg(l.inhrelid::regclass::text), '[]')
            from lacking l
            where l.indexrelid = v.indexrelid
        ),
        'hidden', case when b.is_hidden then 1 end
    ) as detail,
    case
        when b.is_hidden then format('grant pg_read_all_stats to %I;', current_user)
        when v.relkind = 'I' then a.statements
        -- What REINDEX CONCURRENTLY leaves behind when it is interrupted; the index itself is as it was.
        when v.relname ~ '_cc(new|old)\d*$' then format('drop index concurrently %s;', v.indexrelid::regclass)
        else format('reindex index concurrently %s;', v.indexrelid::regclass)
    end as cure
from invalid v
left join attaching a on a.indexrelid = v.indexrelid
left join lateral (select bool_or(is_hidden) as is_hidden from building) b on true
where not exists (
    select from building g
    where coalesce(pg_partition_root(g.relid), g.relid) = coalesce(pg_partition_root(v.indrelid), v.indrelid)
)
order by 2;
