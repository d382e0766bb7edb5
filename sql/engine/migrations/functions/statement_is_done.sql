-- Tells whether the catalog shows the effect of a statement that cannot run in a transaction.
--
-- `effect` is an object with the key kind and what that kind needs: relations are named as SQL would name them, databases,
-- tablespaces and subscriptions by their bare names. Returns false for a kind that leaves no such sign, as VACUUM.
create or replace function public.statement_is_done(effect jsonb)
returns boolean
language plpgsql
stable
as $function$
declare
    -- The caller's path is the one that the statement is run under, so names are looked up before it is pinned.
    relation constant regclass := pg_catalog.to_regclass(pg_catalog.jsonb_extract_path_text(effect, 'relation'));
    parent constant regclass := pg_catalog.to_regclass(pg_catalog.jsonb_extract_path_text(effect, 'parent'));
    path_before constant text := pg_catalog.current_setting('search_path');
    object_name constant text := pg_catalog.jsonb_extract_path_text(effect, 'name');
    is_done boolean;
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    is_done := case effect ->> 'kind'
        when 'create index' then exists (
            select
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            where i.indrelid = relation and i.indisvalid and c.relname = object_name
        )
        when 'drop index' then relation is null
        when 'detach partition' then not exists (
            select from pg_inherits i where i.inhrelid = relation and i.inhparent = parent
        )
        when 'create database' then exists (select from pg_database d where d.datname = object_name)
        when 'drop database' then not exists (select from pg_database d where d.datname = object_name)
        when 'create tablespace' then exists (select from pg_tablespace t where t.spcname = object_name)
        when 'drop tablespace' then not exists (select from pg_tablespace t where t.spcname = object_name)
        when 'create subscription' then exists (
            select
            from pg_subscription s
            join pg_database d on d.oid = s.subdbid
            where s.subname = object_name and d.datname = current_database()
        )
        else false
    end;
    perform set_config('search_path', path_before, true);
    return is_done;
end
$function$;

comment on function public.statement_is_done(jsonb) is
    'Tells whether the catalog shows the effect of a statement that cannot run in a transaction.';
