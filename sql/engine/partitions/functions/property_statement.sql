-- Writes the statement that gives a table a property, as table_properties() names it.
--
-- The name of the table comes qualified and quoted. An index of the partition has another name than the parent's, so that
-- a replica identity by an index is set by a function, after the partition is attached.
create or replace function public.property_statement(relation text, property text, item text, value text)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select case property
        when 'owner' then format('alter table %s owner to %s', relation, value)
        when 'replica identity' then
            case value
                when 'using index' then format('select public.set_replica_identity_index(%L)', relation)
                else format('alter table %s replica identity %s', relation, value)
            end
        when 'row security' then format('alter table %s %s row level security', relation, value)
        when 'policy' then format('create policy %s on %s %s', item, relation, value)
        when 'privileges' then
            format(
                'grant %s on %s to %s%s',
                value, relation, replace(item, ' with grant option', ''), substring(item from ' with grant option$')
            )
        when 'statistics' then format('alter table %s alter column %s set statistics %s', relation, item, value)
        when 'storage parameter' then
            format(
                'alter table %s set (%s = %L)',
                relation,
                -- It comes from a row that somebody wrote, and may have two parts: toast.autovacuum_enabled.
                (select string_agg(quote_ident(part), '.') from unnest(parse_ident(item)) part),
                value
            )
    end;
$function$;

comment on function public.property_statement(text, text, text, text) is
    'Writes the statement that gives a table a property, as table_properties() names it.';
