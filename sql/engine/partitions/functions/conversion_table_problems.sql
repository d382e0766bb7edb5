-- Returns what a table is, or belongs to, that keeps it from becoming a partitioned one, and what helps.
create or replace function public.conversion_table_problems(relation regclass)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select p.problem, p.cure
    from pg_class c
    left join pg_am m on m.oid = c.relam
    cross join lateral (
        values
            (c.relkind = 'p', 'it is partitioned already', 'See "doramaflix-db partitions status".'),
            (c.relkind not in ('r', 'p'), 'it is not an ordinary table', null),
            (c.relispartition, 'it is a partition itself', 'Convert the whole table, or detach it.'),
            (
                c.relkind = 'r' and c.relpersistence <> 'p',
                'it is unlogged or temporary, and partitioned tables cannot be unlogged from version 18 on',
                format('ALTER TABLE %s SET LOGGED;', relation)
            ),
            (
                c.reloftype <> 0,
                format('it is a table of the type %s', c.reloftype::regtype),
                format('ALTER TABLE %s NOT OF;', relation)
            ),
            (c.relkind = 'r' and m.amname <> 'heap', format('its access method is %s', m.amname), null),
            (
                c.relkind = 'r' and not c.relispartition
                    and exists (select from pg_inherits i where c.oid in (i.inhparent, i.inhrelid)),
                'it takes part in inheritance', format('ALTER TABLE ... NO INHERIT %s;', relation)
            ),
            (exists (select from pg_depend d where (d.classid, d.objid, d.deptype) = ('pg_class'::regclass, c.oid, 'e')),
                'it belongs to an extension', null),
            (exists (select from pg_seclabel s where (s.classoid, s.objoid) = ('pg_class'::regclass, c.oid)),
                'it has a security label, which is not carried over', null),
            (
                exists (select from pg_subscription_rel r where r.srrelid = c.oid),
                'it gets the changes of a subscription',
                null
            ),
            (
                row_security_active(c.oid),
                'its row-level security hides rows from you',
                'Connect as its owner, or as a role with BYPASSRLS.'
            ),
            (
                not pg_has_role(c.relowner, 'usage'),
                format('it belongs to "%s"', pg_get_userbyid(c.relowner)),
                'Connect as its owner.'
            ),
            (
                not has_schema_privilege(c.relnamespace, 'create'),
                format('you may not create tables in schema %s', c.relnamespace::regnamespace),
                format('GRANT CREATE ON SCHEMA %s TO %I;', c.relnamespace::regnamespace, current_user)
            ),
            (
                not has_table_privilege('public.partition_policies', 'insert')
                    or not has_table_privilege('public.partition_policies', 'delete')
                    or not has_function_privilege('public.create_partition(regclass, text, date)', 'execute'),
                'you may not write its policy, or not create partitions',
                format(
                    'GRANT SELECT, INSERT, UPDATE, DELETE ON public.partition_policies TO %1$I; '
                    'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO %1$I;', current_user
                )
            ),
            (
                exists (select from public.partition_policies o where o.parent = c.oid),
                'it has a row in partition_policies, which the conversion is to write',
                format('DELETE FROM partition_policies WHERE parent = %L::regclass;', relation)
            ),
            (
                c.relacl is not null and exists (
                    select from aclexplode(acldefault('r', c.relowner)) d
                    where not exists (
                        select from aclexplode(c.relacl) a where (a.grantee, a.privilege_type) = (c.relowner, d.privilege_type)
                    )
                ),
                'its owner has taken privileges from itself, which is not carried over',
                format('GRANT ALL ON %s TO %I;', relation, pg_get_userbyid(c.relowner))
            )
    ) p (applies, problem, cure)
    where c.oid = conversion_table_problems.relation and p.applies;
$function$;

comment on function public.conversion_table_problems(regclass) is
    'Returns what a table is, or belongs to, that keeps it from becoming a partitioned one, and what helps.';
