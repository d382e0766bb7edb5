-- Writes the row of a backfill, unless it has begun before, and returns it.
--
-- `mode` is resume to go on where it stopped; accept to do so with a statement that was changed since; restart to walk
-- through the whole table again. Raises DF080 for a key that cannot be used, and DF081 where the statement has changed.
create or replace function public.begin_backfill(
    name text, checksum text, relation regclass, key text, mode text default 'resume'
)
returns public.backfills
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    target record;
    backfill public.backfills;
begin
    delete from public.backfills b where b.name = begin_backfill.name and begin_backfill.mode = 'restart';
    select t.* into target from public.backfill_target(relation, begin_backfill.key) t;
    insert into public.backfills (name, checksum, relation, key_column, last_key, estimated_rows, finished_at)
    values (
        begin_backfill.name,
        begin_backfill.checksum,
        public.backfill_relation_name(begin_backfill.relation),
        target.key_column,
        target.last_key,
        public.backfill_rows_left(begin_backfill.relation, target.key_column, null, target.last_key),
        case when target.last_key is null then clock_timestamp() end
    )
    on conflict (name) do nothing;
    update public.backfills b set checksum = begin_backfill.checksum
    where b.name = begin_backfill.name and begin_backfill.mode = 'accept';
    select b.* into backfill from public.backfills b where b.name = begin_backfill.name;
    if backfill.checksum <> begin_backfill.checksum
        or backfill.relation <> public.backfill_relation_name(begin_backfill.relation)
        or backfill.key_column <> target.key_column
    then
        raise exception 'Backfill "%" has begun with another statement, table or key.', begin_backfill.name
            using errcode = 'DF081';
    end if;
    return backfill;
end
$function$;

revoke execute on function public.begin_backfill(text, text, regclass, text, text) from public;

comment on function public.begin_backfill(text, text, regclass, text, text) is
    'Writes the row of a backfill, unless it has begun before, and returns it.';
