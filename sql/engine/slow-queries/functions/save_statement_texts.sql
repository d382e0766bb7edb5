-- Saves the texts of entries that have none yet, and returns how many texts are new.
--
-- The server reads the file of all texts for it, so it is read only when there is such an entry among those of now.
create or replace function public.save_statement_texts()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    extension record;
    lacking bigint[];
    saved integer;
begin
    select array_agg(distinct e.query_id) into lacking
    from public.statement_entries e
    join public.statement_figures f using (entry_id)
    where e.digest is null and f.next_snapshot is null;
    if lacking is null then
        return 0;
    end if;
    select * into extension from public.statement_extension();
    execute format(
        $statement$
            with read as materialized (
                select s.userid, s.dbid, s.queryid, %s as toplevel, k.query, public.statement_digest(k.query) as digest
                from %I.pg_stat_statements(true) s
                cross join lateral public.kept_statement_text(s.query) k (query)
                where s.queryid = any ($1) and s.query is not null
            ), named as (
                update public.statement_entries e
                set digest = r.digest
                from read r
                where e.query_id = r.queryid and e.user_id = r.userid and e.database_id = r.dbid
                    and e.is_top_level = r.toplevel and e.digest is null
                returning e.digest
            ), added as (
                insert into public.statement_texts (digest, query)
                select distinct on (r.digest) r.digest, r.query from read r join named n using (digest)
                on conflict do nothing
                returning digest
            )
            select count(*) from added
        $statement$,
        case when 'toplevel' = any (extension.columns) then 's.toplevel' else 'true' end,
        extension.schema_name
    ) into saved using lacking;
    return saved;
end
$function$;

revoke execute on function public.save_statement_texts() from public;

comment on function public.save_statement_texts() is
    'Saves the texts of entries that have none yet, and returns how many texts are new.';
