-- Writes the statements that put the views that were built beside others in the places of these, and drop those.
--
-- The new ones get what was given to the old ones by hand. Of two old ones, that with fewer views above it does not have
-- the other one above it, and is dropped first. The triggers come last, because their text has the names that the new
-- views have by then.
create or replace function public.replacement_statements()
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with beside as materialized (
        select
            b.*, case c.relkind when 'm' then 'materialized view' else 'view' end as type,
            case r.relkind when 'm' then 'materialized view' else 'view' end as replaced_type,
            (select count(*) from public.views_above(b.replaced)) as views_above
        from public.beside_views() b
        join pg_class c on c.oid = b.built
        left join pg_class r on r.oid = b.replaced
    ), statement (place, rank, text) as (
        select 1, 0, s.* from beside b cross join lateral public.adoption_statements(b.built, b.replaced, b.schema_id) s
        union all
        select 2, 0, s.* from beside b cross join lateral public.comment_adoption_statements(b.built, b.replaced) s
        union all
        select 3, b.views_above, format('drop %s %s', b.replaced_type, b.replaced) from beside b where b.replaced is not null
        union all
        select 4, 0, format('alter %s %s set schema %s', b.type, b.built, b.schema_id::regnamespace) from beside b
        union all
        select 5, 0, s.* from beside b cross join lateral public.attachment_statements(b.built, b.replaced) s
    )
    select array_agg(text order by place, rank) from statement;
$function$;

comment on function public.replacement_statements() is
    'Writes the statements that put the views that were built beside others in the places of these, and drop those.';
