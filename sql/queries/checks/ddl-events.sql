-- The newest statements that ddl_events has of some objects, at most three of each; $1 lists the names of the objects.
with wanted as (
    select distinct name from jsonb_array_elements_text(($1::jsonb) -> 'names') name
)
select
    w.name as object,
    e.occurred_at,
    e.command,
    e.session_user_name::text as user,
    e.application_name as application,
    host(e.client_address) as address
from wanted w
cross join lateral (
    select *
    from public.ddl_events d
    where d.object_identity = w.name
    order by d.id desc
    limit 3
) e
order by w.name, e.id desc;
