-- The ledger: one row for each migration that is applied to this database.
--
-- A table of the older shape (id, version, description, applied_at, rollback_sql, checksum varchar(64)) is adopted:
-- its rows and its `id` stay, the columns that it lacks are added. The columns come one by one so that any mixture
-- of old and new ends in the same shape. A table of that name that belongs to another tool is refused.
do $adopt$
begin
    if to_regclass('public.schema_migrations') is not null and (
        select count(*)
        from pg_catalog.pg_attribute
        where attrelid = to_regclass('public.schema_migrations')
            and attname in ('version', 'description', 'applied_at', 'rollback_sql')
            and not attisdropped
    ) < 4 then
        raise exception 'Table "public.schema_migrations" belongs to another tool.'
            using errcode = 'DF007',
                detail = 'It lacks one of the columns version, description, applied_at, rollback_sql.',
                hint = 'Use another database, or rename that table.';
    end if;
end
$adopt$;

create table if not exists public.schema_migrations (
    version varchar(255) primary key,
    description text,
    applied_at timestamptz not null default clock_timestamp(),
    rollback_sql text
);

alter table public.schema_migrations
    add column if not exists checksum text,
    add column if not exists up_sql text,
    add column if not exists duration interval,
    add column if not exists applied_by name default session_user,
    add column if not exists client_address inet default inet_client_addr(),
    add column if not exists tool_version text default current_setting('doramaflix_db.tool_version', true),
    add column if not exists applied_order bigint,
    add column if not exists irreversible text;

do $upgrade$
declare
    next_order bigint;
begin
    -- A checksum of ours is 71 characters long. Changing varchar(64) to text rewrites nothing.
    if (
        select atttypid <> 'text'::regtype
        from pg_catalog.pg_attribute
        where attrelid = 'public.schema_migrations'::regclass and attname = 'checksum'
    ) then
        alter table public.schema_migrations alter column checksum type text;
    end if;
    if not exists (
        select
        from pg_catalog.pg_index i
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = 'public.schema_migrations'::regclass
            and i.indisunique and i.indnkeyatts = 1 and i.indpred is null and a.attname = 'version'
    ) then
        alter table public.schema_migrations add constraint schema_migrations_version_key unique (version);
    end if;
    -- The order of rows that were there before is that of their timestamps, the only order they have.
    if (
        select attidentity = ''
        from pg_catalog.pg_attribute
        where attrelid = 'public.schema_migrations'::regclass and attname = 'applied_order'
    ) then
        update public.schema_migrations m
        set applied_order = o.row_number, applied_by = null, client_address = null, tool_version = null
        from (
            select ctid, row_number() over (order by applied_at, version) from public.schema_migrations
        ) o
        where m.ctid = o.ctid;
        alter table public.schema_migrations alter column applied_order set not null;
        alter table public.schema_migrations alter column applied_order add generated always as identity;
        select coalesce(max(applied_order), 0) + 1 into next_order from public.schema_migrations;
        execute format('alter table public.schema_migrations alter column applied_order restart with %s', next_order);
        alter table public.schema_migrations add constraint schema_migrations_applied_order_key unique (applied_order);
    end if;
end
$upgrade$;

comment on table public.schema_migrations is
    'The ledger: one row for each migration that is applied to this database.';
comment on column public.schema_migrations.version is 'File name of the migration without ".sql".';
comment on column public.schema_migrations.rollback_sql is 'The statements that take the migration back; null when it cannot be.';
comment on column public.schema_migrations.irreversible is 'Why the migration cannot be taken back, as its file says.';
comment on column public.schema_migrations.checksum is
    'Algorithm and digest of the file ("sha256:…", line endings as LF, without byte-order mark); other forms are of older tools and never compared.';
comment on column public.schema_migrations.up_sql is 'The statements of the migration; null when it was recorded without them.';
comment on column public.schema_migrations.duration is 'How long the statements ran; null when only recorded.';
comment on column public.schema_migrations.applied_by is 'Session user; null for rows of an older tool.';
comment on column public.schema_migrations.client_address is 'Address of the client; null over a Unix-domain socket.';
comment on column public.schema_migrations.tool_version is 'Version of doramaflix-db; null when another client applied it.';
comment on column public.schema_migrations.applied_order is 'Order in which the migrations were applied; a timestamp can tie or go back.';
