-- That the server finds too few of this database's pages in its memory: one row, or none.
select
    'note' as level,
    quote_ident(d.datname) as object,
    jsonb_build_object(
        'hits', d.blks_hit, 'reads', d.blks_read, 'share', d.blks_hit::float8 / (d.blks_hit + d.blks_read),
        'since', d.stats_reset
    ) as detail,
    null::text as cure
from pg_stat_database d
where d.datname = current_database()
    -- 800 MB that were read: before, all is the first time.
    and d.blks_read >= 100000
    -- Applications that look up by keys have 99 %; reports over large tables are below it by their nature.
    and d.blks_hit < 0.9 * (d.blks_hit + d.blks_read);
