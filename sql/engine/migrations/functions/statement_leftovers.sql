-- Lists what a statement that cannot run in a transaction has left behind when it stopped in the middle.
--
-- Returns statements that clear it away, each to be run by itself outside a transaction, in order. `effect` is as in
-- statement_is_done. An index that some session is building at this moment is none of its remains.
create or replace function public.statement_leftovers(effect jsonb)
returns setof text
language plpgsql
stable
as $function$
declare
    relation constant regclass := pg_catalog.to_regclass(pg_catalog.jsonb_extract_path_text(effect, 'relation'));
    parent constant regclass := pg_catalog.to_regclass(pg_catalog.jsonb_extract_path_text(effect, 'parent'));
    path_before constant text := pg_catalog.current_setting('search_path');
begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    return query
        select format('drop index concurrently %s', i.indexrelid::regclass)
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        left join pg_class t on t.oid = relation
        where not i.indisvalid
            and case effect ->> 'kind'
                when 'create index' then i.indrelid = relation and c.relname = effect ->> 'name'
                -- REINDEX CONCURRENTLY builds NAME_ccnew, and renames the old index to NAME_ccold before it goes.
                when 'reindex' then c.relname ~ '_cc(new|old)[0-9]*$'
                    and (relation is null or i.indrelid in (relation, t.reltoastrelid)
                        or i.indrelid = (select r.indrelid from pg_index r where r.indexrelid = relation))
                else false
            end
            and not exists (
                select from pg_stat_progress_create_index p
                where p.datname = current_database()
                    and (p.index_relid = i.indexrelid
                        -- Of another role's session is shown only that it builds, and its lock on the table.
                        or p.command is null and exists (
                            select from pg_locks l
                            where l.pid = p.pid and l.locktype = 'relation'
                                and l.database = p.datid and l.relation = i.indrelid
                        ))
            )
        order by c.relname;
    if effect ->> 'kind' = 'detach partition' then
        return query
            select format('alter table %s detach partition %s finalize', i.inhparent::regclass, i.inhrelid::regclass)
            from pg_inherits i
            where i.inhrelid = relation and i.inhparent = parent and i.inhdetachpending;
    end if;
    perform set_config('search_path', path_before, true);
end
$function$;

comment on function public.statement_leftovers(jsonb) is
    'Lists what a statement that cannot run in a transaction has left behind when it stopped in the middle.';
