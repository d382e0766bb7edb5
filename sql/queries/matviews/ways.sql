-- What stands against refreshing a materialized view by a swap, and the index that lets it be refreshed concurrently.
--
-- $1 is an array with its name.
select
    (select coalesce(jsonb_agg(o.obstacle order by o.obstacle), '[]') from public.swap_obstacles(v.view) o (obstacle))
        as swap_obstacles,
    public.concurrent_refresh_index(v.view)::text as concurrent_index
from (select name::regclass as view from jsonb_array_elements_text($1::jsonb) name) v;
