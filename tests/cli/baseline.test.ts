import { beforeEach, describe, expect, test } from "vitest";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, createRole, urlOf, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";
import { runInTerminal } from "../support/terminal.ts";

const files = {
  "migrations/001_first.sql":
    "-- migrate:description The first table\n" +
    migration("create table first (id int)", "drop table first"),
  "migrations/002_second.sql": migration("create table second (id int)", "drop table second"),
  "migrations/003_third.sql": migration("create table third (id int)", "drop table third"),
};

let database: TestDatabase;
let project: string;

// A database that somebody else has built, up to 002.
beforeEach(async () => {
  database = await createDatabase();
  await database.sql.unsafe("create table first (id int); create table second (id int)");
  project = await createProject(files);
});

async function run(...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd: project, env: { DATABASE_URL: database.url } });
}

async function recorded(): Promise<string[]> {
  const [exists] = await database.sql`select to_regclass('schema_migrations') is not null as yes`;
  if (exists?.["yes"] !== true) return [];
  const rows = await database.sql`select version from schema_migrations order by applied_order`;
  return rows.map(({ version }) => version as string);
}

test("records migrations without running them; the next migrate goes on after them", async () => {
  const planned = await run("baseline", "002_second", "--dry-run");
  expect(planned).toMatchObject({ exitCode: 0, stderr: "" });
  expect(planned.stdout).toMatch(/Would record 2 migrations.*:\n {2}001_first\n {2}002_second/);
  expect(await recorded()).toEqual([]);
  const done = await run("baseline", "002_second", "--yes");
  expect(done).toMatchObject({
    exitCode: 0,
    stdout: `Recorded 2 migrations as applied in database "${database.name}", and ran none.\n`,
  });
  const rows = await database.sql`
    select m.version, m.description, m.up_sql, m.rollback_sql, left(m.checksum, 7) as algorithm, m.duration, e.event,
      e.tool_version is not null as by_tool
    from schema_migrations m join migration_events e using (version) order by applied_order`;
  expect(rows).toMatchObject([
    {
      version: "001_first",
      description: "The first table",
      up_sql: "create table first (id int);",
      rollback_sql: "drop table first;",
      algorithm: "sha256:",
      duration: null,
      event: "baselined",
      by_tool: true,
    },
    { version: "002_second", event: "baselined" },
  ]);
  const migrated = await run("migrate");
  expect(migrated.stdout).toContain("Applied 1 migration");
  const rolledBack = await run("rollback", "--steps", "3");
  expect(rolledBack.exitCode).toBe(0);
  expect(await database.sql`select to_regclass('first') as first`).toEqual([{ first: null }]);
});

test("a second run finds nothing to record, also where newer migrations are applied by then", async () => {
  await run("baseline", "002_second", "--yes");
  const before = await database.sql`select * from migration_events`;
  const nothing = `Nothing to record in database "${database.name}": all migrations up to "002_second" are recorded.\n`;
  expect(await run("baseline", "002_second")).toMatchObject({ exitCode: 0, stdout: nothing });
  await run("migrate");
  expect(await run("baseline", "002_second")).toMatchObject({ exitCode: 0, stdout: nothing });
  expect(await database.sql`select * from migration_events where version < '003'`).toEqual(before);
});

test("rows that exist stay as they are", async () => {
  await run("baseline", "001_first", "--yes");
  const before = await database.sql`select * from schema_migrations`;
  expect((await run("baseline", "002_second", "--yes")).stdout).toContain("Recorded 1 migration ");
  expect(await database.sql`select * from schema_migrations where version = '001_first'`).toEqual(
    before,
  );
});

describe("refuses, and records nothing,", () => {
  test("where nobody can be asked", async () => {
    const refused = await run("baseline", "002_second");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("--yes");
    expect(await recorded()).toEqual([]);
  });

  test("a version that no file has, with the one that was meant", async () => {
    const { exitCode, stderr } = await run("baseline", "002_secnd", "--yes");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "002_second"?');
    expect(await recorded()).toEqual([]);
  });

  test("where a newer migration is applied", async () => {
    await run("baseline", "002_second", "--yes");
    await run("migrate");
    await database.sql`delete from schema_migrations where version = '001_first'`;
    const { exitCode, stderr } = await run("baseline", "002_second", "--yes");
    expect(exitCode).toBe(7);
    expect(stderr).toContain('Migration "003_third" is applied, and it is newer');
    expect(stderr).toContain("doramaflix-db baseline 003_third");
    expect(await recorded()).toEqual(["002_second", "003_third"]);
  });

  test("where a number is left out", async () => {
    await writeFiles(project, { "migrations/005_fifth.sql": migration("select 5") });
    const { exitCode, stderr } = await run("baseline", "005_fifth", "--yes");
    expect(exitCode).toBe(7);
    expect(stderr).toContain("MIGRATION_GAP");
    expect(await recorded()).toEqual([]);
  });

  test("for a user who may not create the ledger", async () => {
    const user = await createRole();
    const url = urlOf({ database: database.name, user, password: "secret" });
    const { exitCode, stderr } = await run("baseline", "002_second", "--yes", "--url", url);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("GRANT CREATE ON SCHEMA public");
    expect(await recorded()).toEqual([]);
  });
});

test("of many at once, each ends well and each row is written once", async () => {
  const runs = await Promise.all(
    Array.from({ length: 4 }, async () => run("baseline", "002_second", "--yes")),
  );
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(await recorded()).toEqual(["001_first", "002_second"]);
  expect(await database.sql`select event from migration_events`).toHaveLength(2);
});

test("waits for a run that is at work", async () => {
  await run("baseline", "001_first", "--yes");
  const holder = await holdLock(
    database.url,
    "select pg_advisory_lock(hashtextextended('doramaflix-db migrations', 0))",
  );
  const waiting = run("baseline", "002_second", "--yes");
  await expect
    .poll(
      async () =>
        database.sql`select from pg_stat_activity where application_name = 'doramaflix-db' and datname = current_database()`,
    )
    .toHaveLength(1);
  expect(await recorded()).toEqual(["001_first"]);
  await holder.release();
  expect(await waiting).toMatchObject({ exitCode: 0 });
});

describe.skipIf(isMissing("script"))("in a terminal", () => {
  test.for([
    { input: "y\n", exitCode: 0, versions: ["001_first", "002_second"] },
    { input: "Yes\n", exitCode: 0, versions: ["001_first", "002_second"] },
    { input: "\n", exitCode: 130, versions: [] },
    { input: "no\n", exitCode: 130, versions: [] },
    { input: "\u0004", exitCode: 130, versions: [] },
  ])("asks first; $input ends with $exitCode", async ({ input, exitCode, versions }) => {
    const result = await runInTerminal(["baseline", "002_second"], {
      columns: 80,
      cwd: project,
      env: { DATABASE_URL: database.url },
      input,
    });
    expect(result).toMatchObject({ exitCode });
    expect(result.screen).toContain("without running\nthem? [y/N]");
    expect(await recorded()).toEqual(versions);
  });
});
