-- Returns why a table cannot be partitioned by a column, and what helps.
create or replace function public.conversion_column_problems(relation regclass, column_name name, given_encoding text)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select
        format('it has no column "%s"', column_name),
        'Its columns: ' || string_agg(a.attname, ', ' order by a.attnum)
    from pg_attribute a
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    having not coalesce(bool_or(a.attname = column_name), false)
    union all
    select p.problem, p.cure
    from pg_attribute a
    cross join lateral (
        values
            (
                a.atttypid not in (
                    'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'uuid'::regtype, 'bigint'::regtype
                ),
                format('column "%s" is of type %s, which holds no time', column_name, format_type(a.atttypid, a.atttypmod)),
                'The type of the key is date, timestamp, timestamptz, uuid (version 7) or bigint (an epoch).'
            ),
            (
                a.atttypid = 'uuid'::regtype and given_encoding is distinct from 'uuidv7',
                format('column "%s" is of type uuid, and it is not said that it holds a time', column_name),
                'Where it holds UUIDs of version 7: --key-encoding uuidv7'
            ),
            (
                a.atttypid = 'bigint'::regtype and (given_encoding is null or given_encoding = 'uuidv7'),
                format('column "%s" is of type bigint, and it is not said how it holds a time', column_name),
                'Say it with --key-encoding: epoch_seconds, epoch_milliseconds, epoch_microseconds or epoch_nanoseconds.'
            ),
            (
                a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) and given_encoding is not null,
                format('column "%s" is of type %s, which needs no encoding', column_name, format_type(a.atttypid, null)),
                'Leave --key-encoding out.'
            ),
            (
                a.attgenerated <> '',
                format('column "%s" is generated', column_name),
                'The key of partitions has to be a column of its own.'
            )
    ) p (applies, problem, cure)
    where a.attrelid = relation and a.attname = column_name and a.attnum > 0 and not a.attisdropped and p.applies;
$function$;

comment on function public.conversion_column_problems(regclass, name, text) is
    'Returns why a table cannot be partitioned by a column, and what helps.';
