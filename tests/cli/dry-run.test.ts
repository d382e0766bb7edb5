import { beforeEach, describe, expect, test } from "vitest";
import { MigrateResult } from "../../src/migrations/results.ts";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { runCli } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration } from "../support/project.ts";

type Plan = NonNullable<MigrateResult["plan"]>;

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.sql.unsafe(`
    create table authors (id bigint primary key, name varchar(20), joined timestamp);
    create index authors_joined on authors (joined);
    create table books (id integer primary key, author bigint references authors, title text);
    insert into books select number, null, 'T' from generate_series(1, 1000) number
  `);
  await database.sql.unsafe("vacuum analyze books");
});

async function plan(...statements: readonly string[]): Promise<Plan> {
  const { stdout, stderr } = await dryRun(
    { "migrations/001_a.sql": migration(statements.join(";\n")) },
    "--json",
  );
  expect(stderr).toBe("");
  const result = MigrateResult.parse(JSON.parse(stdout));
  if (result.plan === null) throw new Error("There is no plan.");
  return result.plan;
}

async function dryRun(files: Readonly<Record<string, string>>, ...options: string[]) {
  const project = await createProject(files);
  return runCli(["migrate", "--dry-run", ...options, "--url", database.url], { cwd: project });
}

/** The locks and the work of each statement of the only migration. */
function summary({ migrations }: Plan): string[][] {
  return migrations.flatMap(({ statements }) =>
    statements.map(({ relations }) =>
      relations.map(({ name, state, lock, work }) =>
        [
          state === "present" ? name : `${state} ${name}`,
          lock,
          ...work.map(({ kind }) => kind),
        ].join(": "),
      ),
    ),
  );
}

test("a plan says what each statement locks and does, and how large the tables are", async () => {
  const { migrations, impacts } = await plan(
    "alter table books alter column id type bigint",
    "create table reviews (book bigint references books)",
    "insert into reviews values (1)",
    "alter table authors add column note text",
  );
  expect(migrations).toMatchObject([
    {
      version: "001_a",
      transaction: true,
      statements: [
        {
          line: 2,
          text: "alter table books alter column id type bigint",
          unknown: null,
          relations: [
            {
              name: "books",
              state: "present",
              kind: "table",
              lock: "ACCESS EXCLUSIVE",
              rows: 1000,
              work: [
                {
                  kind: "rewrite",
                  certain: true,
                  reason: 'the type of column "id" is no longer integer',
                },
              ],
              blockers: [],
            },
          ],
        },
        { line: 3, relations: [{ name: "books", lock: "SHARE ROW EXCLUSIVE", work: [] }] },
        {
          line: 4,
          relations: [
            { name: "reviews", state: "new", lock: "ROW EXCLUSIVE", size: null },
            // Nothing refers to it before this run.
          ],
        },
        { line: 5, relations: [{ name: "authors", lock: "ACCESS EXCLUSIVE", work: [] }] },
      ],
    },
  ]);
  expect(impacts.map(({ line, name }) => `${line} ${name}`)).toEqual([
    "2 books",
    "5 authors",
    "3 books",
  ]);
  expect(impacts[0]?.size).toBeGreaterThan(50_000);
});

describe("the statements of a migration are seen one after the other", () => {
  test.for<[string, string[], string[][]]>([
    [
      "a CHECK that is validated proves NOT NULL",
      [
        "alter table books add constraint titled check (title is not null and id > 0) not valid",
        "alter table books validate constraint titled",
        "alter table books alter column title set not null",
      ],
      [
        ["books: ACCESS EXCLUSIVE"],
        ["books: SHARE UPDATE EXCLUSIVE: scan"],
        ["books: ACCESS EXCLUSIVE"],
      ],
    ],
    [
      "one that is not validated proves nothing",
      [
        "alter table books add check (title is not null) not valid",
        "alter table books alter column title set not null",
      ],
      [["books: ACCESS EXCLUSIVE"], ["books: ACCESS EXCLUSIVE: scan"]],
    ],
    [
      "a renamed table is the same table, and its old name is free",
      [
        "alter table books rename to works",
        "alter table works add column note text",
        "create table books (id integer)",
        "drop table books",
      ],
      [
        ["books: ACCESS EXCLUSIVE"],
        ["books: ACCESS EXCLUSIVE"],
        [],
        ["new books: ACCESS EXCLUSIVE: drop"],
      ],
    ],
    [
      "a dropped table is missing",
      ["drop table books", "insert into books values (1)"],
      [
        ["books: ACCESS EXCLUSIVE: drop", "authors: ACCESS EXCLUSIVE"],
        ["missing books: ROW EXCLUSIVE"],
      ],
    ],
    [
      "a column has the type that it was given",
      [
        "alter table authors alter column name type text",
        "alter table authors alter column name type varchar(5)",
      ],
      [["authors: ACCESS EXCLUSIVE"], ["authors: ACCESS EXCLUSIVE: rewrite"]],
    ],
    [
      "SET search_path and TimeZone hold for what comes after them",
      [
        "set search_path = pg_temp",
        "update books set title = ''",
        "reset search_path",
        "set timezone = 'Asia/Seoul'",
        "alter table authors alter column joined type timestamptz",
      ],
      [[], ["missing books: ROW EXCLUSIVE"], [], [], ["authors: ACCESS EXCLUSIVE: rewrite"]],
    ],
  ])("%s", async ([, statements, expected]) => {
    expect(summary(await plan(...statements))).toEqual(expected);
  });
});

test("what cannot be known is said to be unknown", async () => {
  await database.sql.unsafe(
    "create function f() returns int language plpgsql as $$ begin return 1; end $$",
  );
  const { migrations } = await plan(
    "do $$ begin null; end $$",
    "select f()",
    "select lower(title) from books",
    "drop schema public cascade",
  );
  expect(migrations[0]?.statements.map(({ unknown }) => unknown)).toEqual([
    "what a DO block does shows only when it runs",
    'it calls the function "f"',
    null,
    "what falls with CASCADE is not followed",
  ]);
});

test("sessions that stand in the way are named, and a table that nobody may read is no reason to wait", async () => {
  const holder = await holdLock(database.url, "lock table books in access exclusive mode");
  const files = { "migrations/001_a.sql": migration("alter table books add column note text") };
  const { stdout, exitCode } = await dryRun(files);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("ACCESS EXCLUSIVE  waits");
  expect(stdout).toMatch(
    new RegExp(`^${holder.pid} +\\S+ +[\\d.]+ m?s +idle in transaction +books`, "m"),
  );
  const { impacts } = await plan(
    "alter table books add column note text",
    "update authors set name = ''",
  );
  expect(impacts).toMatchObject([
    { name: "books", blockers: [{ pid: holder.pid, lock: "ACCESS EXCLUSIVE", granted: true }] },
  ]);
  await holder.release();
});

test("only locks that conflict stand in the way", async () => {
  const holder = await holdLock(database.url, "lock table books in row exclusive mode");
  const { impacts } = await plan("comment on table books is 'B'", "create index on books (title)");
  expect(impacts).toMatchObject([
    { line: 3, blockers: [{ pid: holder.pid, lock: "ROW EXCLUSIVE" }] },
  ]);
  await holder.release();
});

test("a name with quotes, dollars and backslashes is only a name", async () => {
  const name = String.raw`"it's $1 \ ""x"""`;
  await database.sql.unsafe(`create table ${name} (id integer)`);
  const { impacts } = await plan(`alter table ${name} add column note text`);
  expect(impacts).toMatchObject([{ state: "present", lock: "ACCESS EXCLUSIVE" }]);
});

test("a plan changes nothing, and small migrations have a short one", async () => {
  const before = await catalogFingerprint(database.sql);
  const { stdout } = await dryRun({
    "migrations/001_a.sql": migration(
      "create table t (id int primary key); insert into t values (1)",
    ),
    "migrations/002_b.sql":
      "-- migrate:up transaction:false\ncreate index concurrently t_again on t (id);\n-- migrate:irreversible no\n",
  });
  expect(stdout).toBe(
    `Would apply 2 migrations to database "${database.name}":\n  001_a\n  002_b\n"002_b" cannot be rolled back: no\n\n` +
      "002_b runs without a transaction: each statement commits by itself.\n",
  );
  expect(fingerprintDifference(before, await catalogFingerprint(database.sql))).toBe("");
});
