-- Puts the views that redefine_beside() has built in the places of the old ones, and drops those.
--
-- Takes ACCESS EXCLUSIVE on the old ones, and on the plain views in no file that read them, for a short moment at a time
-- until all are locked. The statements are written before, and again under the lock when somebody has granted or revoked
-- something meanwhile; they take some milliseconds, and the locks last until the transaction ends. Ends with DF054 when
-- the locks are not to be had within swap_patience(); its detail says who is in the way.
create or replace function public.swap_definitions()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    replaced regclass[];
    readers regclass[];
    schemas text;
    digest text;
    statements text[];
    statement text;
    reader regclass;
begin
    if exists (select from public.beside_views()) then
        perform public.build_remaining_beside();
        select
            coalesce(array_agg(b.replaced) filter (where b.replaced is not null), '{}'),
            string_agg(distinct b.schema_id::regnamespace::text, ', ')
        into replaced, schemas
        from public.beside_views() b;
        readers := array(
            select distinct v from unnest(replaced) r cross join lateral public.views_reading(r) v where v <> all (replaced)
        );
        statements := public.replacement_statements();
        digest := public.view_rows_digest(replaced);
        perform public.lock_replaced_views(replaced || readers);
        if public.view_rows_digest(replaced) <> digest then
            statements := public.replacement_statements();
        end if;
        foreach reader in array readers loop
            perform public.replace_reader(reader, schemas);
        end loop;
        foreach statement in array statements loop
            execute statement;
        end loop;
    end if;
    for statement in
        select format('drop schema %I', n.nspname)
        from pg_namespace n
        where n.nspname ~ '^doramaflix_db_beside_\d+$' and n.nspowner = current_user::regrole
    loop
        execute statement;
    end loop;
end
$function$;

revoke execute on function public.swap_definitions() from public;

comment on function public.swap_definitions() is
    'Puts the views that redefine_beside() has built in the places of the old ones, and drops those.';
