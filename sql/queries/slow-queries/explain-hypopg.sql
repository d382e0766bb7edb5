-- Whether HypoPG can try out an index in this database: one row.
select
    quote_ident(n.nspname) as schema,
    a.name is not null as is_available
from (select) one
left join pg_available_extensions a on a.name = 'hypopg'
left join pg_extension e on e.extname = 'hypopg'
left join pg_namespace n on n.oid = e.extnamespace;
