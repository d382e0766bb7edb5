-- Returns the statements that undo the conversion of a table and have not run yet.
--
-- Before the cut-over each is a transaction of its own. After it those that are online are, and the others are one that
-- locks the table against everything: it moves the rows of all newer partitions into the table of before. The key of before is
-- built online first; uniqueness without the column was not watched meanwhile.
create or replace function public.plan_conversion_undo(relation regclass)
returns table (statement text, lock_mode text, locked text[], is_online boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    found record;
begin
    select * into strict found from public.find_conversion(relation);
    if found.state = 'begun' then
        return query select u.statement, u.lock_mode, array[relation::text], true from public.plan_preparation_undo(relation) u;
    elsif found.state = 'converted' then
        return query
        select u.statement, 'SHARE UPDATE EXCLUSIVE', array[found.original::text], true
        from public.undo_key_statements(relation, found.original, found.column_name) u (statement);
        return query
        select u.statement, case
                when u.statement like 'lock table % in share update exclusive mode' then 'SHARE UPDATE EXCLUSIVE'
                when l.locked is not null then 'ACCESS EXCLUSIVE'
            end,
            l.locked,
            false
        from public.undo_conversion_statements(relation, found.original, found.column_name) u (statement)
        cross join lateral (
            select case
                when u.statement like 'lock table %' then array[relation::text]
                when u.statement like 'alter table % detach partition %' then array_agg(distinct k.confrelid::regclass::text)
            end as locked
            from pg_constraint k
            where k.conrelid = relation and k.contype = 'f'
        ) l;
    end if;
end
$function$;

comment on function public.plan_conversion_undo(regclass) is
    'Returns the statements that undo the conversion of a table and have not run yet.';
