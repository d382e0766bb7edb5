-- Estimates which share of a materialized view's rows the next refresh changes: 0 to 1, or above where rows of a small
-- view change often.
--
-- Where more than half of a table below has changed, that share. Otherwise, after a concurrent refresh it is known how
-- many rows of the view changed for so many changed rows below, and that ratio is applied to what has changed since;
-- without one, the largest share of changed rows of a table below is taken for it.
create or replace function public.expected_change_share(view regclass)
returns double precision
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select case
        when b.state in ('unknown', 'replaced') then 1
        when b.largest_share > 0.5 then b.largest_share
        when r.changed_rows is not null then
            r.changed_rows::double precision / r.base_changes * b.changes / greatest(c.reltuples, 1)
        else b.largest_share
    end
    from public.base_changes(expected_change_share.view) b
    join pg_class c on c.oid = expected_change_share.view
    join pg_namespace n on n.oid = c.relnamespace
    left join lateral (
        select h.changed_rows, h.base_changes
        from public.matview_refreshes h
        where h.schema_name = n.nspname and h.view_name = c.relname
            and h.mode = 'concurrently' and h.error is null and h.base_changes > 0
        order by h.started_at desc
        limit 1
    ) r on true;
$function$;

comment on function public.expected_change_share(regclass) is
    'Estimates which share of a materialized view''s rows the next refresh changes: 0 to 1, or above where rows of a small view change often.';
