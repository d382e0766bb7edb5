-- Returns the first and the last key of the next batch, both in it, and how many rows lie between; nulls after the last.
--
-- Reads so many entries of the index and no more. Rows with the same key are never in two batches, because the next one
-- begins behind the last key of this. Keys are texts as JSON has them, which no setting of the session changes.
create or replace function public.backfill_bounds(
    relation regclass, key text, after text, until text, batch_size integer
)
returns table (batch_from text, batch_to text, rows bigint)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set row_security = off
as $function$
begin
    return query execute format(
        'select (array_agg(k))[1], (array_agg(k))[count(*)], count(*)
         from (select to_jsonb(%1$I) #>> ''{}'' as k from %2$s where %3$s order by %1$I limit %4$s) s',
        key, relation, public.backfill_range(relation, key, after, until), batch_size
    );
end
$function$;

revoke execute on function public.backfill_bounds(regclass, text, text, text, integer) from public;

comment on function public.backfill_bounds(regclass, text, text, text, integer) is
    'Returns the first and the last key of the next batch, both in it, and how many rows lie between; nulls after the last.';
