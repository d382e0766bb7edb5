-- Databases, this one and what all share, in which a page had a wrong checksum: one row for each.
select
    'error' as level,
    coalesce(quote_ident(d.datname), 'what all databases share') as object,
    jsonb_build_object('failures', d.checksum_failures, 'last_at', d.checksum_last_failure) as detail,
    null::text as cure
from pg_stat_database d
where (d.datname = current_database() or d.datid = 0) and d.checksum_failures > 0
order by 2;
