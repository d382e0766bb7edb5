-- The tables that have the columns of another tool's history of migrations, each with the tool.
select
    t.tool,
    n.nspname as schema,
    c.relname as name,
    format('%I.%I', n.nspname, c.relname) as identifier
from (
    values
        ('dbmate', array['version']),
        ('flyway', array['checksum', 'installed_on', 'installed_rank', 'script', 'success', 'type', 'version']),
        ('golang-migrate', array['dirty', 'version']),
        ('goose', array['id', 'is_applied', 'tstamp', 'version_id']),
        ('graphile-migrate', array['date', 'filename', 'hash', 'previous_hash']),
        ('node-pg-migrate', array['id', 'name', 'run_on'])
) t (tool, columns)
join pg_class c on c.relkind in ('r', 'p')
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
    -- A table with a version and more is no history of dbmate: ours is one.
    and (t.tool <> 'dbmate' or c.relnatts = 1)
    and (
        select count(*)
        from pg_attribute a
        where a.attrelid = c.oid and a.attname = any (t.columns) and not a.attisdropped
    ) = cardinality(t.columns)
order by t.tool, n.nspname, c.relname;
