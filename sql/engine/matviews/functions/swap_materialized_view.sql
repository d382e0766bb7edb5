-- Puts a copy of a materialized view in its place and drops the old one.
--
-- Plain views that read the old one are replaced, so that they read the copy: they keep their identifier, privileges
-- and comments. Takes ACCESS EXCLUSIVE on the view and on those, as lock_views() does; the rest takes some
-- milliseconds, and readers who waited go on with the copy. The copy is one that copy_materialized_view() made. Ends
-- with 55P03 when the locks are not to be had within `patience`, with DF055 when the view was changed while the copy
-- was built, for nothing but these locks keeps others from that; the copy is then still there.
create or replace function public.swap_materialized_view(view regclass, copy regclass, patience interval)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    view_name constant name := (select c.relname from pg_class c where c.oid = view);
    readers constant regclass[] := array(select public.views_reading(view) order by 1);
    replacements text[];
    index_renames text[];
    statement text;
begin
    perform public.lock_views(readers || view, patience);
    if readers <> array(select public.views_reading(view) order by 1)
        or exists (select from public.copy_differences(view, copy))
        -- Some of them, such as a statistics object, would be dropped with the old one without a word.
        or exists (select from public.swap_obstacles(view))
    then
        raise exception 'Materialized view % was changed while its copy was built.', view
            using errcode = 'DF055', hint = 'Run the refresh again.';
    end if;
    -- Written down while they still read the old one by its name.
    replacements := array(select public.replace_view_statement(r) from unnest(readers) r);
    index_renames := array(
        select format(
            'alter index %s.%I rename to %I',
            c.relnamespace::regnamespace, public.copy_name(c.relname, c.oid), c.relname
        )
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        where i.indrelid = view and i.indisvalid
    );
    execute format('alter materialized view %s rename to %I', view, public.copy_name(view_name, copy));
    execute format('alter materialized view %s rename to %I', copy, view_name);
    foreach statement in array replacements || format('drop materialized view %s', view) || index_renames loop
        execute statement;
    end loop;
end
$function$;

revoke execute on function public.swap_materialized_view(regclass, regclass, interval) from public;

comment on function public.swap_materialized_view(regclass, regclass, interval) is
    'Puts a copy of a materialized view in its place and drops the old one.';
