-- unsafe: a partition of a table in use
-- finds: partition-of-live-parent
create table visits_3 partition of visits for values from (3) to (4);

-- safe: a table is made, and attached
create table visits_3 (like visits including all);
alter table visits attach partition visits_3 for values from (3) to (4);

-- unsafe: a partition beside a default partition
-- finds: partition-of-live-parent
create table events_2028 partition of events for values from ('2028-01-01') to ('2029-01-01');

-- safe: a partition of a new table
create table logs (at date not null) partition by range (at);
create table logs_2025 partition of logs for values from ('2025-01-01') to ('2026-01-01');

-- unsafe: a partition of a partition, by name of its schema
-- finds: partition-of-live-parent
create table public.visits_9 partition of public.visits for values from (9) to (10);

-- unsafe: a table with rows is attached
-- finds: attach-without-check
alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01');

-- unsafe: its check spares the reading, but the default partition is read
-- finds: attach-without-check
alter table events attach partition events_checked for values from ('2028-01-01') to ('2029-01-01');

-- safe: a check says what the bounds say, of both
-- setup: alter table events_default add check (at < '2028-01-01' or at >= '2029-01-01'); alter table events_checked add foreign key (place) references places;
alter table events attach partition events_checked for values from ('2028-01-01') to ('2029-01-01');

-- unsafe: an index of the parent is missing
-- setup: alter table events_checked add foreign key (place) references places; drop index events_checked_kind; alter table events_default add check (at < '2028-01-01');
-- finds: attach-without-check
alter table events attach partition events_checked for values from ('2028-01-01') to ('2029-01-01');

-- unsafe: a foreign key of the parent is missing
-- setup: alter table events_default add check (at < '2028-01-01');
-- finds: attach-without-check
alter table events attach partition events_checked for values from ('2028-01-01') to ('2029-01-01');

-- unsafe: a partition is detached
-- finds: detach-not-concurrent
alter table visits detach partition visits_1;

-- safe: concurrently
-- transaction:false
alter table visits detach partition visits_1 concurrently;

-- safe: PostgreSQL can do no better beside a default partition
alter table events detach partition events_2025;

-- unsafe: a partition is dropped
-- finds: drop-table
drop table visits_1;

-- safe: a partition that was made by the same migration
create table logs (at date not null) partition by range (at);
create table logs_2025 partition of logs for values from ('2025-01-01') to ('2026-01-01');
alter table logs detach partition logs_2025;
drop table logs_2025;
