import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { createDatabase, createRole, urlOf } from "../../support/database.ts";
import { createProject, migration, writeFiles } from "../../support/project.ts";

const files = {
  "migrations/001_first.sql": migration(
    "create table public.first (id integer);\ninsert into public.first values (1)",
    "drop table public.first",
  ),
  "migrations/002_second.sql":
    "-- migrate:up transaction:false\ncreate index concurrently second on public.first (id);\n" +
    "-- migrate:down transaction:false\ndrop index concurrently public.second;\n",
  "functions/number.sql":
    "create or replace function public.number() returns int language sql as $$ select 1 $$;",
  "views/numbers.sql": "create or replace view public.numbers as select id from public.first;",
};

/** A schema whose objects bear the names of ours; each function and each write to a table raises an error. */
const evilSchema = `
  create schema evil;
  create function evil.trap() returns trigger language plpgsql as $$ begin raise 'evil table written'; end $$;
  create function evil.migration_applied(version text) returns boolean language plpgsql
    as $$ begin raise 'evil migration_applied called'; end $$;
  create function evil.apply_migration(
    version text, description text default null, rollback_sql text default null, up_sql text default null,
    checksum text default null
  ) returns boolean language plpgsql as $$ begin raise 'evil apply_migration called'; end $$;
  create function evil.rollback_migration(version text) returns boolean language plpgsql
    as $$ begin raise 'evil rollback_migration called'; end $$;
  create procedure evil.apply_migrations(migrations jsonb, settings jsonb default '{}') language plpgsql
    as $$ begin raise 'evil apply_migrations called'; end $$;
  create procedure evil.rollback_migrations(versions jsonb, settings jsonb default '{}') language plpgsql
    as $$ begin raise 'evil rollback_migrations called'; end $$;
  create function evil.begin_migration(version text, settings jsonb) returns void language plpgsql
    as $$ begin raise 'evil begin_migration called'; end $$;
  create function evil.record_migration_event(
    version text, event text, checksum text default null, duration interval default null, error jsonb default null
  ) returns void language plpgsql as $$ begin raise 'evil record_migration_event called'; end $$;
  create table evil.schema_migrations (version varchar(255) primary key, description text, applied_at timestamptz, rollback_sql text);
  create table evil.migration_events (id bigint, version text);
  create table evil.schema_definitions (path text);
  create table evil.schema_engine (hash text);
  insert into evil.schema_migrations values ('999_evil', null, now(), null);
  insert into evil.schema_engine values ('evil');
  create trigger trap before insert or update or delete on evil.schema_migrations execute function evil.trap();
  create trigger trap before insert or update or delete on evil.migration_events execute function evil.trap();
  create trigger trap before insert or update or delete on evil.schema_definitions execute function evil.trap();
  create trigger trap before insert or update or delete on evil.schema_engine execute function evil.trap();
  grant usage on schema evil to public;
`;

/** Operators and functions that shadow the system's for whoever has evil before pg_catalog. */
const evilSystem = `
  create function evil.equal(a text, b text) returns boolean language plpgsql
    as $$ begin raise 'evil operator = called'; end $$;
  create operator evil.= (leftarg = text, rightarg = text, function = evil.equal);
  create function evil.different(a text, b text) returns boolean language plpgsql
    as $$ begin raise 'evil operator <> called'; end $$;
  create operator evil.<> (leftarg = text, rightarg = text, function = evil.different);
  create function evil.format(a text, b text) returns text language plpgsql
    as $$ begin raise 'evil format called'; end $$;
  create function evil.pg_try_advisory_lock(key bigint) returns boolean language plpgsql
    as $$ begin raise 'evil pg_try_advisory_lock called'; end $$;
  create function evil.to_regclass(name text) returns regclass language plpgsql
    as $$ begin raise 'evil to_regclass called'; end $$;
  create function evil.current_setting(name text) returns text language plpgsql
    as $$ begin raise 'evil current_setting called'; end $$;
`;

interface Ledgers {
  readonly ours: readonly unknown[];
  readonly evil: readonly unknown[];
}

/** Applies, shows and takes back everything; returns what the tables of both schemas hold in between. */
async function runEverything(url: string, sql: postgres.Sql): Promise<Ledgers> {
  const project = await createProject(files);
  const cli = async (...args: string[]): Promise<void> => {
    const run = await runCli([...args, "--url", url, "--project", project]);
    expect(run.stderr).not.toContain("evil");
    expect(run).toMatchObject({ exitCode: 0 });
  };
  await cli("migrate");
  await cli("status", "--exit-code");
  await writeFiles(project, {
    "migrations/003_third.sql": migration(
      "alter table public.first add b int",
      "alter table public.first drop b",
    ),
    "views/numbers.sql": "create view public.numbers as select id as number from public.first;",
  });
  await cli("migrate");
  const ours = await sql`select version from public.schema_migrations order by version`;
  await cli("rollback", "--steps", "3");
  expect(await sql`select version from public.schema_migrations`).toEqual([]);
  const evil = await sql`
    select version from evil.schema_migrations
    union all select version from evil.migration_events
    union all select path from evil.schema_definitions
    union all select hash from evil.schema_engine`;
  return { ours: ours.map((row) => row["version"]), evil: evil.map((row) => row["version"]) };
}

const untouched: Ledgers = {
  ours: ["001_first", "002_second", "003_third"],
  evil: ["999_evil", "evil"],
};

describe("a schema with objects of our names, first in the search_path,", () => {
  test("of the database is never used", async () => {
    const { name, url, sql } = await createDatabase();
    await sql.unsafe(evilSchema);
    await sql.unsafe(`alter database ${name} set search_path = evil, public`);
    expect(await runEverything(url, sql)).toEqual(untouched);
  });

  test("of the role is never used", async () => {
    const { name: database, sql } = await createDatabase();
    const user = await createRole();
    await sql.unsafe(evilSchema);
    await sql.unsafe(
      `grant create on schema public to ${user}; alter role ${user} set search_path = evil, public`,
    );
    const url = urlOf({ database, user, password: "secret" });
    expect(await runEverything(url, sql)).toEqual(untouched);
    await sql.unsafe(`drop owned by ${user} cascade`);
  });
});

// Fails until the files of sql/queries/migrations/ qualify operators and functions of pg_catalog.
test("operators and functions that shadow the system's are never used", async () => {
  const { name, url, sql } = await createDatabase();
  await sql.unsafe(evilSchema);
  await sql.unsafe(evilSystem);
  await sql.unsafe(`alter database ${name} set search_path = evil, pg_catalog`);
  expect(await runEverything(url, sql)).toEqual(untouched);
});
