-- How a table can be walked through, and how many rows the planner expects after a key: one row.
select t.key_column, t.key_type, t.index::text as index, t.last_key, r.rows_left
from (select $1::jsonb as given) i
cross join lateral public.backfill_target((i.given ->> 'relation')::regclass, i.given ->> 'key') t
cross join lateral public.backfill_rows_left(
    (i.given ->> 'relation')::regclass,
    t.key_column,
    i.given ->> 'after',
    coalesce(i.given ->> 'until', t.last_key)
) r (rows_left);
