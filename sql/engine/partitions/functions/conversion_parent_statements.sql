-- Returns the statements that create the partitioned table in the place of a plain one that has just got another name.
--
-- They name the table as it is called now. Indexes, keys and foreign keys come before the old table is attached, so that
-- its own are adopted; row-level security and privileges come first of all, within the same transaction.
create or replace function public.conversion_parent_statements(relation regclass, column_name name, original text)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    with self as (
        select
            c.relowner <> current_user::regrole as has_other_owner,
            ' tablespace ' || quote_ident(t.spcname) as tablespace
        from pg_class c
        left join pg_tablespace t on t.oid = c.reltablespace
        where c.oid = relation
    )
    select format(
        'create table %s (like %s including all excluding indexes excluding identity) partition by range (%I)%s',
        relation, original, column_name, self.tablespace
    )
    from self
    union all
    -- What the preparation has added, or will have.
    select format('alter table %s drop constraint %I', relation, public.partition_name(relation, 'convert_cut'))
        || case
            when not a.attnotnull or exists (
                select from pg_constraint k
                where k.conrelid = relation
                    and k.contype = 'c'
                    and k.conname = public.partition_name(relation, 'convert_not_null')
            ) then format(', drop constraint %I', public.partition_name(relation, 'convert_not_null'))
            else ''
        end
    from pg_attribute a
    where a.attrelid = relation and a.attname = column_name
    union all
    select public.property_statement(relation::text, t.property, t.item, t.value)
    from self
    cross join public.table_properties(relation) t
    where t.property in ('row security', 'policy', 'statistics')
        or t.property = 'owner' and self.has_other_owner
        or t.property = 'replica identity' and t.value <> 'using index'
    union all
    select s.statement from public.exact_privilege_statements(relation, relation::text) s (statement)
    union all
    select format('alter table %s alter column %I set (%s)', relation, a.attname, array_to_string(a.attoptions, ', '))
    from pg_attribute a
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and a.attoptions is not null
    union all
    select s.statement from public.conversion_index_statements(relation, column_name) s (statement)
    union all
    select format('alter table %s add constraint %I %s', relation, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k
    where k.conrelid = relation and k.contype = 'f'
    union all
    select s.statement from public.trigger_statements(relation) s (statement)
    union all
    select s.statement from public.relation_comment_statements(relation) s (statement);
$function$;

comment on function public.conversion_parent_statements(regclass, name, text) is
    'Returns the statements that create the partitioned table in the place of a plain one that has just got another name.';
