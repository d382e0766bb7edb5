-- How many rows undoing a conversion has to move: one row.
select public.conversion_newer_rows((i.given ->> 'relation')::regclass)::float8 as rows
from (select $1::jsonb as given) i;
