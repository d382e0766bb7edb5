create domain positive integer check (value > 0);
create domain plain integer;
create function noted() returns trigger language plpgsql as $$ begin return new; end $$;
create function counted() returns bigint language plpgsql as $$ begin return 1; end $$;

create table authors (
    id bigint primary key, name varchar(20) not null, email text, age integer, price numeric(6, 2),
    joined timestamp(3), seen timestamptz, net cidr, tags varchar(10)[], code char(4), data json, score positive,
    small smallint, bits varbit(4), clock time(3), proven integer constraint proven_not_null check (proven is not null),
    rated integer constraint rated_positive check (rated > 0)
);
alter table authors add constraint age_positive check (age > 0) not valid;
create index authors_name on authors (name);
create index authors_joined on authors (joined);
create index authors_email_lower on authors (lower(email));
create index authors_net on authors (net);
create unique index authors_small on authors (small);
create table books (
    id bigint primary key, title text not null, author bigint constraint books_author references authors, editor bigint,
    price numeric, pages integer
);
alter table books add constraint books_editor foreign key (editor) references authors not valid;
create table reviews (book bigint references books on delete cascade, stars integer, words text);
create trigger noted before insert on reviews for each row execute function noted();
create rule kept as on delete to reviews where old.stars = 5 do instead nothing;
create policy own on reviews;
create unlogged table scratch (id integer);
create sequence numbers;

create table places (id integer primary key);
create table events (at date not null, kind integer, place integer constraint events_place references places)
    partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table events_default partition of events default;
create index events_kind on events (kind);
create table events_2027 (at date not null, kind integer, place integer);
create table halls (id integer primary key);
create table shows (at date not null, hall integer references halls) partition by range (at);
create table shows_2025 (at date not null, hall integer references halls);
create table shows_2026 (at date not null, hall integer references halls on delete cascade);
create table shows_2027 (at date not null, hall integer);
alter table shows_2027 add foreign key (hall) references halls not valid;
create table zones (id integer primary key) partition by range (id);
create table zones_1 partition of zones for values from (1) to (2);
create table sites (at date not null, zone integer references zones) partition by range (at);
create table sites_2025 (at date not null, zone integer references zones);
create table trees (id integer, parent integer, primary key (id), foreign key (parent) references trees)
    partition by range (id);
create table trees_1 (id integer primary key, parent integer, foreign key (parent) references trees);
create table visits (id integer not null) partition by range (id);
create table visits_1 partition of visits for values from (1) to (2);
create table visits_2 partition of visits for values from (2) to (3);
create table parents (id integer, note text);
create table children () inherits (parents);
create table orphans (id integer, note text);

create view author_names as select id, name from authors;
create view short_names as select name from author_names where length(name) < 5;
create materialized view author_counts as select proven, count(*) as number from authors group by proven;
create unique index author_counts_proven on author_counts (proven);

insert into authors (id, name, age, proven) values (1, 'A', 30, 1);
insert into books (id, title) values (1, 'B');
