-- Writes a moment, given in UTC, as the value of a partition key that holds a time in the given encoding.
--
-- The smallest value of that moment: for uuidv7 all bits after the milliseconds are 0, those of the version too, so that
-- every UUID of that millisecond or later is greater. Raises DF025 for a moment that the encoding cannot hold.
create or replace function public.encode_partition_bound(moment timestamp, encoding text)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $function$
declare
    seconds constant numeric := extract(epoch from moment);
    hexadecimal text;
begin
    if moment = 'infinity' then
        return 'MAXVALUE';
    elsif moment = '-infinity' then
        return 'MINVALUE';
    end if;
    case encoding
        when 'date' then
            return to_char(moment, 'YYYY-MM-DD');
        when 'timestamp' then
            return to_char(moment, 'YYYY-MM-DD HH24:MI:SS');
        when 'timestamptz' then
            return to_char(moment, 'YYYY-MM-DD HH24:MI:SS') || '+00';
        when 'epoch_seconds' then
            return trunc(seconds);
        when 'epoch_milliseconds' then
            return trunc(seconds * 1000);
        when 'epoch_microseconds' then
            return trunc(seconds * 1000000);
        when 'epoch_nanoseconds' then
            -- The last nanosecond of a bigint is in the year 2262.
            if seconds between -9223372036 and 9223372036 then
                return trunc(seconds * 1000000000);
            end if;
        when 'uuidv7' then
            -- 48 bits of milliseconds end in the year 10889.
            if seconds >= 0 then
                hexadecimal := lpad(to_hex((seconds * 1000)::bigint), 12, '0');
                return left(hexadecimal, 8) || '-' || right(hexadecimal, 4) || '-0000-0000-000000000000';
            end if;
    end case;
    raise exception 'A key of encoding "%" cannot hold the time %.', encoding, to_char(moment, 'YYYY-MM-DD')
        using errcode = 'DF025';
end
$function$;

comment on function public.encode_partition_bound(timestamp, text) is
    'Writes a moment, given in UTC, as the value of a partition key that holds a time in the given encoding.';
