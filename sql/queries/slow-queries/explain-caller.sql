-- With whose rights and in which search_path a statement of another role is to be planned: one row.
--
-- $1 is an array of the name of that role, which is null for one that has been dropped. The path is what ALTER ROLE and ALTER DATABASE set
-- for it; otherwise that of the server, which our own session has unless it has such a setting itself. From 16 on, a
-- membership may be one that does not allow to become the role.
with given as materialized (
    select
        r.rolname,
        r.oid,
        case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end as privilege
    from (select) one
    left join pg_roles r on r.rolname = $1::jsonb ->> 0
), path as materialized (
    select
        s.setrole,
        s.setdatabase,
        substr(c.setting, length('search_path=') + 1) as value
    from pg_db_role_setting s
    cross join lateral unnest(s.setconfig) c(setting)
    where starts_with(c.setting, 'search_path=')
        and s.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
)
select
    coalesce(pg_has_role(g.oid, g.privilege), false) as can_be_set,
    replace(
        coalesce(
            (
                select p.value
                from path p
                where p.setrole in (0, g.oid)
                order by p.setrole = 0, p.setdatabase = 0
                limit 1
            ),
            case
                when exists (select from path p where p.setrole in (0, current_user::regrole::oid)) then s.boot_val
                else s.reset_val
            end
        ),
        '"$user"',
        quote_ident(coalesce(g.rolname, current_user))
    ) as search_path,
    current_user::text as "current_user"
from given g
cross join pg_settings s
where s.name = 'search_path';
