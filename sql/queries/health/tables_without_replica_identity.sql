-- Tables that are published with updates or deletes and have nothing by which a subscriber finds the row.
with published as (
    select c.oid, coalesce(pg_partition_root(c.oid), c.oid)::regclass as root, c.relreplident
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p'
        and n.nspname not in ('pg_catalog', 'information_schema')
        and exists (
            select from pg_publication p
            where (p.pubupdate or p.pubdelete)
                and (
                    p.puballtables
                    or exists (
                        select from pg_publication_rel r
                        where r.prpubid = p.oid and r.prrelid in (c.oid, pg_partition_root(c.oid))
                    )
                    or exists (
                        select from pg_publication_namespace s where s.pnpubid = p.oid and s.pnnspid = c.relnamespace
                    )
                )
        )
)
select
    'error' as level,
    p.root::text as object,
    jsonb_build_object('tables', count(*)) as detail,
    string_agg(
        format('alter table %s replica identity full;', p.oid::regclass), E'\n' order by p.oid::regclass::text
    ) as cure
from published p
where case p.relreplident
    when 'f' then false
    when 'd' then not exists (select from pg_index x where x.indrelid = p.oid and x.indisprimary)
    when 'i' then not exists (select from pg_index x where x.indrelid = p.oid and x.indisreplident)
    else true
end
group by p.root
order by 2;
