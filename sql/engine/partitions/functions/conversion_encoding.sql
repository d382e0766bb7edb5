-- Returns how a column holds a time, for partition_policies: the name of its type, or what is given for uuid and bigint.
--
-- Null where the column does not exist, holds no time, or what is given does not fit its type.
create or replace function public.conversion_encoding(relation regclass, column_name name, given text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select case
        when a.atttypid = 'date'::regtype and given is null then 'date'
        when a.atttypid = 'timestamp'::regtype and given is null then 'timestamp'
        when a.atttypid = 'timestamptz'::regtype and given is null then 'timestamptz'
        when a.atttypid = 'uuid'::regtype and given = 'uuidv7' then given
        when a.atttypid = 'bigint'::regtype
            and given in ('epoch_seconds', 'epoch_milliseconds', 'epoch_microseconds', 'epoch_nanoseconds') then given
    end
    from pg_attribute a
    where a.attrelid = conversion_encoding.relation
        and a.attname = conversion_encoding.column_name
        and a.attnum > 0
        and not a.attisdropped;
$function$;

comment on function public.conversion_encoding(regclass, name, text) is
    'Returns how a column holds a time, for partition_policies: the name of its type, or what is given for uuid and bigint.';
