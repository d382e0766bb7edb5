-- The databases of the cluster in which one can work, in the order of their names: one row each.
-- One whose DROP DATABASE was interrupted has the limit -2 and can only be dropped.
select datname as name
from pg_database
where datallowconn and not datistemplate and datconnlimit <> -2
order by datname;
