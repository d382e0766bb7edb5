-- Says whether a view reads one that is being replaced: the old one or, with `built`, the new one.
create or replace function public.reads_replaced(view regclass, built boolean default false)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select exists (
        select
        from public.beside_views() b
        cross join lateral public.views_above(case when reads_replaced.built then b.built else b.replaced end) a
        where a.above = reads_replaced.view and a.distance > 0
    );
$function$;

comment on function public.reads_replaced(regclass, boolean) is
    'Says whether a view reads one that is being replaced: the old one or, with `built`, the new one.';
