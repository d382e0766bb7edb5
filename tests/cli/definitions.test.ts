import { beforeEach, expect, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  type TestDatabase,
} from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

let database: TestDatabase;
let project: string;

const files = {
  "migrations/001_base.sql": migration(
    "create table a (id int primary key, r numeric(3,1))",
    "drop table a",
  ),
  "migrations/002_notes.sql": migration(
    "create table notes (a_id int references a, note text)",
    "drop table notes",
  ),
  "functions/plus_one.sql":
    "create or replace function plus_one(x int) returns int language sql as $$ select x + 1 $$;",
  "functions/note_count.sql":
    "create or replace function note_count(a int) returns bigint language plpgsql stable as $$\n" +
    "begin return (select count(*) from notes n where n.a_id = note_count.a); end $$;",
  // By name the last of the views, and the first that must be there.
  "views/z_base.sql": "create or replace view z_base as select id, r, plus_one(id) as next from a;",
  "views/mv_top.sql":
    "create materialized view mv_top as select id, r from z_base;\ncreate unique index mv_top_id on mv_top (id);",
  "views/with_notes.sql":
    "create view with_notes as select a.id, n.note from a join notes n on n.a_id = a.id;",
};

beforeEach(async () => {
  database = await createDatabase();
  project = await createProject(files);
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
});

async function cli(...args: string[]): Promise<CliResult> {
  return runCli([...args, "--url", database.url, "--project", project]);
}

async function existing(): Promise<string[]> {
  const rows = await database.sql.unsafe<{ name: string }[]>(`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
    union all select proname from pg_proc where proname in ('plus_one', 'note_count')
    order by name`);
  return rows.map(({ name }) => name);
}

const all = ["mv_top", "note_count", "plus_one", "with_notes", "z_base"];

test("functions and views are created in the order in which they depend on each other", async () => {
  expect(await existing()).toEqual(all);
});

test("rollback drops what depends on the tables that go, and migrate brings back the same catalog", async () => {
  const before = await catalogFingerprint(database.sql);
  expect(await cli("rollback", "--steps", "1")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toEqual(["mv_top", "plus_one", "z_base"]);
  const status = await cli("status", "--json");
  expect(JSON.parse(status.stdout)).toMatchObject({
    definitions: expect.arrayContaining([
      expect.objectContaining({ path: "functions/note_count.sql", state: "dropped" }),
      expect.objectContaining({ path: "views/with_notes.sql", state: "dropped" }),
      expect.objectContaining({ path: "views/mv_top.sql", state: "current" }),
    ]) as unknown,
  });
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
  expect(await catalogFingerprint(database.sql)).toEqual(before);
});

test("rollback drops the view of a table whose name has quotes in it", async () => {
  await writeFiles(project, {
    "migrations/003_quotes.sql": migration(
      'create table "in ""quotes""" (id int)',
      'drop table "in ""quotes"""',
    ),
    "views/quoted.sql": 'create or replace view quoted as select id from "in ""quotes""";',
  });
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toContain("quoted");
  expect(await cli("rollback")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toEqual(all);
});

test("rolling everything back leaves nothing but the engine, also through SQL", async () => {
  await database.sql.unsafe(
    "select rollback_migration('002_notes'), rollback_migration('001_base')",
  );
  expect(await existing()).toEqual([]);
  const engine = await createDatabaseWithEngine();
  expect(await catalogFingerprint(database.sql)).toEqual(await catalogFingerprint(engine.sql));
});

test("a project without files installs the engine and has nothing pending", async () => {
  const empty = await createDatabase();
  const folder = await createProject({ "migrations/README.md": "" });
  const run = await runCli(["migrate", "--url", empty.url, "--project", folder]);
  expect(run).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Nothing is pending") as string,
  });
});

test("a migration may change the type of a column that views use; they are there again with the new type", async () => {
  await writeFiles(project, {
    "migrations/003_wider.sql": migration(
      "alter table a alter column r type numeric(5,2)",
      "alter table a alter column r type numeric(3,1)",
    ),
  });
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toEqual(all);
  const [column] = await database.sql.unsafe(
    "select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'mv_top'::regclass and attname = 'r'",
  );
  expect(column).toEqual({ type: "numeric(5,2)" });
});

test("a migration may drop a column together with the view that used it, when the view's new text does without", async () => {
  await writeFiles(project, {
    "migrations/003_narrower.sql": migration(
      "alter table a drop column r",
      "alter table a add column r numeric(3,1)",
    ),
    "views/z_base.sql": "create or replace view z_base as select id, plus_one(id) as next from a;",
    "views/mv_top.sql":
      "create materialized view mv_top as select id from z_base;\ncreate unique index mv_top_id on mv_top (id);",
  });
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toEqual(all);
});

test("a changed file is applied again, with what depends on it, and only then", async () => {
  await writeFiles(project, {
    "functions/plus_one.sql":
      "create or replace function plus_one(x bigint) returns bigint language sql as $$ select x + 1 $$;",
  });
  const { stdout } = await cli("migrate", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    migrations: [],
    definitions: [{ path: "functions/plus_one.sql" }],
  });
  expect(await existing()).toEqual(all);
  expect(
    await database.sql.unsafe(
      "select pg_typeof(next)::text as type from (select (null::z_base).next) n",
    ),
  ).toEqual([{ type: "bigint" }]);
  expect((await cli("migrate")).stdout).toContain("Nothing is pending");
});

test("an object that depends on a view and is in no file stops the run, and is never dropped", async () => {
  await database.sql.unsafe("create view by_hand as select * from mv_top");
  await writeFiles(project, {
    "views/mv_top.sql": "create materialized view mv_top as select id from z_base;",
  });
  const before = await catalogFingerprint(database.sql);
  const { exitCode, stdout } = await cli("migrate", "--json");
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "DEFINITION_FAILED", detail: expect.stringContaining("by_hand") as string },
  });
  expect(await catalogFingerprint(database.sql)).toEqual(before);
});

test("an object that somebody dropped by hand is created again", async () => {
  await database.sql.unsafe("drop view with_notes");
  expect((await cli("status", "--exit-code")).exitCode).toBe(1);
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toEqual(all);
});

test("a file that is gone is reported and its object stays", async () => {
  const { rm } = await import("node:fs/promises");
  await rm(`${project}/views/with_notes.sql`);
  expect((await cli("status")).stdout).toMatch(/views\/with_notes\.sql\s+file missing/);
  expect(await cli("migrate")).toMatchObject({ exitCode: 0 });
  expect(await existing()).toEqual(all);
});

test("if one file fails, none of them is applied", async () => {
  await writeFiles(project, {
    "functions/plus_one.sql":
      "create or replace function plus_one(x int) returns int language sql as $$ select x + 100 $$;",
    "views/with_notes.sql": "create view with_notes as\nselect missing_column from notes;",
  });
  const before = await catalogFingerprint(database.sql);
  const { exitCode, stderr } = await cli("migrate");
  expect(exitCode).toBe(4);
  expect(stderr).toContain("at views/with_notes.sql:2:8");
  expect(await catalogFingerprint(database.sql)).toEqual(before);
});
