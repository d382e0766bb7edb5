import { beforeEach, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import {
  createDatabaseWithEngine,
  createRole,
  readServerVersion,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";

let database: TestDatabase;
let role: string;
let group: string;
let url: string;

beforeEach(async () => {
  // Roles go after the database in which they have privileges, so they come before it.
  role = await createRole();
  group = await createRole();
  database = await createDatabaseWithEngine();
  url = urlOf({ database: database.name, user: role, password: "secret" });
  await database.sql.unsafe(`
    grant select on all tables in schema public to ${role};
    grant execute on all routines in schema public to ${role};
    create table authors (id bigint primary key, name text);
    create table books (id bigint primary key, author bigint references authors);
    create view names as select name from authors;
    create materialized view counts as select count(*) from authors;
    create schema closed`);
});

async function migrate(
  files: Readonly<Record<string, string>>,
): Promise<{ exitCode: number | null; error: unknown }> {
  const project = await createProject(files);
  const { exitCode, stdout } = await runCli(["migrate", "--json", "--url", url], { cwd: project });
  return { exitCode, error: (JSON.parse(stdout) as { error?: unknown }).error };
}

const ledger = [
  'the ledger: INSERT on "schema_migrations" is missing: GRANT INSERT ON schema_migrations TO "ROLE";',
  'the ledger: UPDATE on "schema_migrations" is missing: GRANT UPDATE ON schema_migrations TO "ROLE";',
  'the ledger: INSERT on "migration_events" is missing: GRANT INSERT ON migration_events TO "ROLE";',
];

function listed(...lines: readonly string[]): string {
  return lines.join("\n").replaceAll("ROLE", role);
}

test("everything that is missing is listed at once, and nothing is run", async () => {
  const run = await migrate({
    "migrations/001_a.sql": migration(
      "create table drafts (author bigint references authors);\n" +
        "alter table authors add column note text;\n" +
        "insert into books select id, author from names;\n" +
        "create view closed.titles as select id from books;\n" +
        "refresh materialized view counts",
    ),
    "migrations/002_b.sql": migration("create schema fresh; drop view names; truncate books"),
  });
  const hasMaintain = (await readServerVersion()) >= 170_000;
  const owner = new URL(database.url).username;
  expect(run).toMatchObject({
    exitCode: 3,
    error: {
      code: "PERMISSION_MISSING",
      detail: listed(
        ...ledger,
        'migrations/001_a.sql:2: CREATE on schema "public" is missing: GRANT CREATE ON SCHEMA "public" TO "ROLE";',
        'migrations/001_a.sql:2: REFERENCES on "authors" is missing: GRANT REFERENCES ON authors TO "ROLE";',
        `migrations/001_a.sql:3: "authors" belongs to "${owner}": connect as its owner.`,
        'migrations/001_a.sql:4: INSERT on "books" is missing: GRANT INSERT ON books TO "ROLE";',
        'migrations/001_a.sql:4: SELECT on "names" is missing: GRANT SELECT ON names TO "ROLE";',
        'migrations/001_a.sql:5: CREATE on schema "closed" is missing: GRANT CREATE ON SCHEMA "closed" TO "ROLE";',
        hasMaintain
          ? 'migrations/001_a.sql:6: MAINTAIN on "counts" is missing: GRANT MAINTAIN ON counts TO "ROLE";'
          : `migrations/001_a.sql:6: "counts" belongs to "${owner}": connect as its owner.`,
        `migrations/002_b.sql:2: CREATE on the database is missing: GRANT CREATE ON DATABASE "${database.name}" TO "ROLE";`,
        `migrations/002_b.sql:2: "names" belongs to "${owner}": connect as its owner.`,
        'migrations/002_b.sql:2: TRUNCATE on "books" is missing: GRANT TRUNCATE ON books TO "ROLE";',
      ),
    },
  });
});

test("what the run itself creates, a privilege on a column and a membership are enough", async () => {
  await database.sql.unsafe(`
    grant insert, update on schema_migrations to ${role};
    grant insert on migration_events to ${role};
    grant usage on all sequences in schema public to ${role};
    grant create on schema public to ${role};
    grant select (id), insert (id, author) on books to ${role};
    create table shared (id int);
    alter table shared owner to ${group};
    grant ${group} to ${role};
    create schema own authorization ${role};
    create table own.theirs (id int)`);
  const run = await migrate({
    "migrations/001_a.sql": migration(
      "create table drafts (id int);\nalter table drafts add column note text;\n" +
        "insert into books (id) values (1);\nselect id from books;\nalter table shared add column note text;\n" +
        "drop table own.theirs;\ncreate view own.titles as select name from authors;\n" +
        "set search_path = own;\ncreate table more (id int);\ncreate sequence numbers;\nselect * from numbers",
    ),
  });
  expect(run).toEqual({ exitCode: 0, error: undefined });
});

test("what follows a GRANT, also in a later migration, is left to the server", async () => {
  const run = await migrate({
    "migrations/001_a.sql": migration("grant usage on schema closed to current_user"),
    "migrations/002_b.sql": migration("alter table authors add column note text"),
  });
  expect(run).toMatchObject({ error: { code: "PERMISSION_MISSING", detail: listed(...ledger) } });
});

test("what follows SET ROLE is left to the server", async () => {
  const run = await migrate({
    "migrations/001_a.sql": migration("set role none; alter table authors add column note text"),
  });
  expect(run).toMatchObject({ error: { code: "PERMISSION_MISSING", detail: listed(...ledger) } });
});

test("an extension that only a superuser may create is found by the catalog, and a trusted one needs CREATE", async () => {
  const run = await migrate({
    "migrations/001_a.sql": migration(
      "create extension pg_stat_statements; create extension if not exists pg_trgm",
    ),
  });
  expect(run).toMatchObject({
    error: {
      detail: listed(
        ...ledger,
        'migrations/001_a.sql:2: only a superuser may create extension "pg_stat_statements".',
        `migrations/001_a.sql:2: CREATE on the database is missing: GRANT CREATE ON DATABASE "${database.name}" TO "ROLE";`,
      ),
    },
  });
});
