-- Returns the statement that writes the policy of a table that becomes a partitioned one.
--
-- Its storage parameters, which a partitioned table cannot hold, become those of new partitions.
create or replace function public.conversion_policy_statements(
    relation regclass, granularity text, encoding text, ahead integer
)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select format(
        'insert into public.partition_policies (parent, granularity, key_encoding, ahead, storage_parameters) '
        'values (%L, %L, %L, %s, %L)',
        relation,
        granularity,
        case when encoding not in ('date', 'timestamp', 'timestamptz') then encoding end,
        ahead,
        nullif(
            coalesce(c.reloptions, '{}')
                || coalesce(
                    (
                        select array_agg('toast.' || o)
                        from pg_class t
                        cross join unnest(t.reloptions) o
                        where t.oid = c.reltoastrelid
                    ),
                    '{}'
                ),
            '{}'
        )
    )
    from pg_class c
    where c.oid = relation;
$function$;

comment on function public.conversion_policy_statements(regclass, text, text, integer) is
    'Returns the statement that writes the policy of a table that becomes a partitioned one.';
