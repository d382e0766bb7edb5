-- Estimates how much larger a materialized view is than after its last refresh that wrote it anew: 1 is no bloat; null
-- without such a refresh.
--
-- REFRESH CONCURRENTLY leaves dead rows behind like UPDATE does; a plain refresh and a swap write a new file.
create or replace function public.matview_bloat(view regclass)
returns double precision
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select pg_total_relation_size(c.oid)
        / (r.total_bytes * greatest(1, c.reltuples / case r.row_count when 0 then 1 else r.row_count end))
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    cross join lateral (
        select h.total_bytes, h.row_count
        from public.matview_refreshes h
        where h.schema_name = n.nspname and h.view_name = c.relname
            and h.mode in ('plain', 'swap') and h.error is null and h.total_bytes > 0
        order by h.started_at desc
        limit 1
    ) r
    where c.oid = matview_bloat.view;
$function$;

comment on function public.matview_bloat(regclass) is
    'Estimates how much larger a materialized view is than after its last refresh that wrote it anew: 1 is no bloat; null without such a refresh.';
