-- unsafe: a password
-- finds: password-literal
create role reader_of_corpus login password 'secret';

-- safe: a verifier
create role reader_of_corpus login password
    'SCRAM-SHA-256$4096:xTJ2RWh2e8sM3mWvJ0bKqw==$Jb0CiRNxxJkWUZ7+qHm9rPPoNSYWwVCBm4G0f2sHmdQ=:6cUvDJLy0cHwUeC/xMYqQkA2g9bhJ4VwDEvRg3p7ZRY=';

-- unsafe: a password of another server
-- finds: password-literal
create user mapping for current_user server elsewhere options (password 'secret');

-- safe: no password
create user mapping for current_user server elsewhere options (username 'reader');

-- safe: a password is taken away
create role reader_of_corpus login password null;

-- unsafe: a right for everybody
-- finds: grant-to-public
grant select on books to public;

-- safe: a right for a role
grant select on books to pg_monitor;

-- safe: a right is taken from everybody
revoke all on books from public;

-- unsafe: all rights
-- finds: grant-all
grant all on books to pg_monitor;

-- safe: rights by name
grant select, insert, update on books to pg_monitor;

-- unsafe: all rights for everybody
-- finds: grant-all, grant-to-public
grant all privileges on all tables in schema public to public;

-- unsafe: triggers stay disabled
-- finds: triggers-off
alter table reviews disable trigger all;

-- safe: they are enabled again
alter table reviews disable trigger noted;
insert into reviews (stars) values (1);
alter table reviews enable trigger noted;

-- unsafe: no trigger fires
-- finds: triggers-off
set local session_replication_role = replica;

-- safe: all fire
set local session_replication_role = origin;

-- unsafe: no limit for locks
-- finds: lock-timeout-off
set lock_timeout = 0;

-- safe: a shorter one
set local lock_timeout = '500ms';

-- unsafe: a long limit
-- finds: lock-timeout-off
set local lock_timeout = '5 min';

-- safe: as long as the run's
set local lock_timeout = 3000;
