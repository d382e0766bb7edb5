-- That this database's sorts and hashes have written much to temporary files: one row, or none.
select
    'note' as level,
    quote_ident(d.datname) as object,
    jsonb_build_object('files', d.temp_files, 'bytes', d.temp_bytes, 'since', d.stats_reset) as detail,
    null::text as cure
from pg_stat_database d
where d.datname = current_database()
    -- A single index that was built on a large table writes this much; below it there is nothing to gain.
    and d.temp_bytes >= 10 * 1024::numeric ^ 3;
