import { beforeEach, expect, test, vi } from "vitest";
import { MigrateResult } from "../../src/migrations/results.ts";
import { untilActive } from "../support/backends.ts";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { killCli, runCli, startCli } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.sql.unsafe(`
    create table authors (id bigint primary key, name text);
    create table books (id integer primary key, author bigint references authors, title text);
    insert into books select number, null, 'T' from generate_series(1, 100) number
  `);
});

type Files = Readonly<Record<string, string>>;

async function trial(files: Files, ...options: string[]) {
  const project = await createProject(files);
  const line = ["migrate", "--dry-run", "--execute", "--url", database.url, ...options];
  return runCli(line, { cwd: project });
}

async function executed(files: Files) {
  const { stdout, stderr, exitCode } = await trial(files, "--json");
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const { execution } = MigrateResult.parse(JSON.parse(stdout));
  if (execution === null) throw new Error("Nothing was executed.");
  return execution;
}

/** Holds while the catalog is as it was and no session has the migration lock or one on a table. */
async function expectNothingLeft(before: readonly string[]): Promise<void> {
  expect(fingerprintDifference(before, await catalogFingerprint(database.sql))).toBe("");
  const held = await database.sql`
    select l.pid from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.pid <> pg_backend_pid()`;
  expect([...held]).toEqual([]);
}

const files: Files = {
  "migrations/001_a.sql": migration(
    [
      "alter table books alter column id type bigint",
      "create index on books (title)",
      "update authors set name = ''",
      "create table reviews (book bigint references books deferrable initially deferred)",
      "insert into reviews values (1)",
      "set role pg_monitor",
    ].join(";\n"),
  ),
  "migrations/002_b.sql": migration("alter table authors rename to writers"),
  "views/titles.sql": "create or replace view titles as select title from books;",
};

test("each statement is executed, its locks and rewrites are shown, and nothing is left", async () => {
  const before = await catalogFingerprint(database.sql);
  const { statements, definitions, notExecuted } = await executed(files);
  expect(
    statements.map(({ version, number, locks, rewritten }) => [
      `${version} ${number}`,
      locks
        .filter(({ kind }) => kind === "table")
        .map(({ relation, mode }) => `${relation}: ${mode}`),
      rewritten,
    ]),
  ).toEqual([
    ["001_a 1", ["books: ACCESS EXCLUSIVE"], ["books"]],
    ["001_a 2", [], []],
    ["001_a 3", ["authors: ROW EXCLUSIVE"], []],
    ["001_a 4", [], []],
    ["001_a 5", [], []],
    ["001_a 6", [], []],
    ["002_b 1", ["authors: ACCESS EXCLUSIVE"], []],
  ]);
  expect(definitions).toMatchObject({ rewritten: [] });
  expect(notExecuted).toEqual([]);
  await expectNothingLeft(before);
});

test("what stands in the way of a migration makes way as in a run, with an engine that is there", async () => {
  const view = { "views/titles.sql": "create or replace view titles as select title from books;" };
  const project = await createProject({ ...view, "migrations/001_a.sql": migration("select 1") });
  expect(await runCli(["migrate", "--url", database.url], { cwd: project })).toMatchObject({
    exitCode: 0,
  });
  await writeFiles(project, {
    "migrations/002_b.sql": migration(
      "select 2; alter table books alter column title type varchar(9)",
    ),
  });
  const before = await catalogFingerprint(database.sql);
  const ledger = await database.sql`select * from schema_migrations`;
  const line = ["migrate", "--dry-run", "--execute", "--json", "--url", database.url];
  const { stdout, exitCode } = await runCli(line, { cwd: project });
  expect(exitCode).toBe(0);
  expect(MigrateResult.parse(JSON.parse(stdout)).execution?.statements).toMatchObject([
    { number: 1, locks: [] },
    { number: 2, rewritten: ["books"] },
  ]);
  expect(stdout).toMatch(/"relation": ?"titles",\s*"kind": ?"view",\s*"mode": ?"ACCESS EXCLUSIVE"/);
  expect([...(await database.sql`select * from schema_migrations`)]).toEqual([...ledger]);
  await expectNothingLeft(before);
});

test("a trial ends before the first migration that runs without a transaction", async () => {
  const { stdout, exitCode } = await trial({
    ...files,
    "migrations/002_b.sql":
      "-- migrate:up transaction:false\nvacuum books;\n-- migrate:irreversible no\n",
    "migrations/003_c.sql": migration("select no_such_function()"),
  });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    "Not executed: 002_b, 003_c, functions/ and views/.\n" +
      "002_b runs without a transaction, and so could not be rolled back.",
  );
  expect(stdout).toMatch(/^001:2 +[\d.]+ m?s +ACCESS EXCLUSIVE +books \(rewritten\)/m);
});

test("an error is shown with its place, also one that waits for the end of a transaction", async () => {
  const before = await catalogFingerprint(database.sql);
  const failed = await trial({ "migrations/001_a.sql": migration("select 1;\nselect 1 / 0") });
  expect(failed).toMatchObject({ exitCode: 4, stdout: "" });
  expect(failed.stderr).toContain(
    "(MIGRATION_FAILED, SQLSTATE 22012)\n  at migrations/001_a.sql:3:1",
  );
  expect(failed.stderr).toContain("This was a trial, and nothing was changed");
  const deferred = await trial({
    "migrations/001_a.sql": migration(
      "alter table books add foreign key (id) references authors deferrable initially deferred not valid; insert into books values (0)",
    ),
  });
  expect(deferred).toMatchObject({ exitCode: 4 });
  expect(deferred.stderr).toContain("(MIGRATION_FAILED, SQLSTATE 23503)");
  const view = await trial({ "views/v.sql": "create or replace view v as select no from books;" });
  expect(view).toMatchObject({ exitCode: 4 });
  expect(view.stderr).toContain("(DEFINITION_FAILED, SQLSTATE 42703)\n  at views/v.sql:1:36");
  await expectNothingLeft(before);
});

test("a lock that is not to be had ends a trial at the first attempt", async () => {
  const holder = await holdLock(database.url, "lock table books in access exclusive mode");
  const { stderr, exitCode } = await trial(files, "--lock-timeout", "200ms");
  await holder.release();
  expect(exitCode).toBe(4);
  expect(stderr).toContain('Migration "001_a" did not get a lock within 200 ms. (LOCK_TIMEOUT');
  expect(stderr).not.toContain("attempt");
});

test("a trial that is killed leaves nothing", async () => {
  const before = await catalogFingerprint(database.sql);
  const project = await createProject({
    ...files,
    "migrations/003_c.sql": migration("select pg_sleep(600)"),
  });
  const line = ["migrate", "--dry-run", "--execute", "--url", database.url];
  const run = startCli(line, { cwd: project });
  const pid = await untilActive(database.sql, database.name, "doramaflix-db: 003_c");
  expect(await killCli(run)).toMatchObject({ signal: "SIGKILL" });
  await vi.waitUntil(
    async () => (await database.sql`select from pg_stat_activity where pid = ${pid}`).length === 0,
    { timeout: 30_000 },
  );
  await expectNothingLeft(before);
});

test.for<[string, string[]]>([
  ["--execute is for a dry run", []],
  ["not possible with --sql", ["--dry-run", "--sql"]],
  ["not possible with --targets", ["--dry-run", "--targets", "x"]],
])("%s", async ([message, options]) => {
  const { stderr, exitCode } = await runCli(["migrate", "--execute", ...options]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test("a materialized view that is built beside the old one is said to be locked at the end", async () => {
  const project = await createProject({
    "views/top.sql": "create materialized view top as select 1 as a;",
  });
  const line = ["migrate", "--url", database.url];
  expect(await runCli(line, { cwd: project })).toMatchObject({ exitCode: 0 });
  await writeFiles(project, { "views/top.sql": "create materialized view top as select 1 as b;" });
  const before = await catalogFingerprint(database.sql);
  const { stdout } = await runCli([...line, "--dry-run", "--execute"], { cwd: project });
  expect(stdout).toMatch(/ACCESS EXCLUSIVE +top/);
  expect(stdout).toContain("built beside the old one locks it only at the end of its step.");
  await expectNothingLeft(before);
});
