-- The first and the last key of the next batch, and how many rows it has: one row, with nulls where none are left.
select b.batch_from, b.batch_to, b.rows::integer as rows
from (select $1::jsonb as given) i
cross join lateral public.backfill_bounds(
    (i.given ->> 'relation')::regclass,
    i.given ->> 'key',
    i.given ->> 'after',
    i.given ->> 'until',
    (i.given ->> 'size')::integer
) b;
