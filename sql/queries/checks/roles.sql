-- The roles of the server, but for those that it has by itself.
select rolname::text as name from pg_roles where rolname !~ '^pg_' order by rolname;
