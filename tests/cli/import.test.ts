import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ImportResult, StatusResult } from "../../src/migrations/results.ts";
import { terminateBackend, untilBlocked } from "../support/backends.ts";
import { killCli, runCli, startCli } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { foreignProjects, type ForeignProject } from "../support/foreign-projects.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";
import { refusedWithHint, withoutChange } from "./bad-input/refusals.ts";

/** What is recorded of a tool that records no time: that of the import. */
const now = new RegExp(`^${new Date().getUTCFullYear()}-`);

describe.each(Object.entries(foreignProjects))("import %s", (tool, foreign) => {
  test("makes migrations that an empty database takes, and finds them there the next time", async () => {
    const { url, sql } = await createDatabase();
    const { project, args } = await begin(tool, foreign);
    const imported = await runJson(ImportResult, args);
    expect(imported).toMatchObject({ tool, dryRun: false, ledger: null });
    expect(await readdir(join(project, "migrations"))).toEqual(
      foreign.versions.map((version) => `${version}.sql`),
    );

    const migrated = await runCli(["migrate", "--url", url, "--project", project]);
    expect(migrated, migrated.stderr).toMatchObject({ exitCode: 0 });
    expect(await sql`select greeting('you') as greeting`).toMatchObject([
      { greeting: "hello you" },
    ]);
    expect(await states(url, project)).toEqual(foreign.versions.map(() => "applied"));

    // The second run finds everything there.
    const again = await runCli(args);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain("in the project already");
  });

  test("--ledger takes the history over and runs nothing; migrate applies what is later", async () => {
    const { database, project, args } = await beginWithHistory(tool, foreign);
    const { url, sql } = database;
    const history = await sql.unsafe(`select * from ${historyName(foreign)}`);
    const planned = await withoutChange(sql, async () =>
      runJson(ImportResult, [...args, "--dry-run"]),
    );
    expect(await readdir(project)).toEqual([]);
    const imported = await runJson(ImportResult, args);
    expect({ ...planned, dryRun: false }).toEqual(imported);
    const applied = foreign.versions.slice(0, -1);
    expect(imported.ledger).toMatchObject({ recorded: applied, alreadyRecorded: 0, pending: 1 });

    expect(await states(url, project)).toEqual([...applied.map(() => "applied"), "pending"]);
    expect(await sql.unsafe(`select * from ${foreign.table}`)).toEqual(history);
    const rows = await sql<{ version: string; at: string; up: string; by: string | null }[]>`
      select version, applied_at::timestamptz at time zone 'UTC' || '+00' as at, up_sql as up, applied_by as by
      from schema_migrations order by applied_order`;
    expect(rows.map(({ version }) => version)).toEqual(applied);
    expect(rows[0]?.at).toMatch(foreign.firstAppliedAt ?? now);
    expect(rows[0]).toMatchObject({
      by: null,
      up: expect.stringContaining("create table users") as string,
    });
    expect(await sql`select version, event from migration_events order by id`).toEqual(
      applied.map((version) => ({ version, event: "baselined" })),
    );

    const again = await runCli(args);
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain("Nothing to record");
    const migrated = await runCli(["migrate", "--url", url, "--project", project]);
    expect(migrated, migrated.stderr).toMatchObject({ exitCode: 0 });
    expect(migrated.stdout).toContain("Applied 1 migration");
    expect(await states(url, project)).toEqual(foreign.versions.map(() => "applied"));
    expect(await sql`select to_regclass('posts') is not null as there`).toEqual([{ there: true }]);
    expect((await runCli(args)).stdout).toContain("Nothing to record");
  });

  test("--ledger refuses a history that does not fit the files, and changes nothing", async () => {
    const { database, folder, project, args } = await beginWithHistory(tool, foreign);
    const [first = ""] = Object.keys(foreign.files);
    await rm(join(folder, first));
    const missing = await withoutChange(database.sql, async () => refusedWithHint(...args));
    // golang-migrate names its newest version only, and the file of the way back is left alone.
    expect(missing.error.code).toBe(
      tool === "golang-migrate" || tool === "flyway"
        ? "IMPORT_FILES_UNUSABLE"
        : "IMPORT_HISTORY_UNUSABLE",
    );
    expect(await readdir(project)).toEqual([]);
  });
});

describe("import --ledger refuses, and changes neither project nor database,", () => {
  const refusals = [
    {
      what: "a dirty version of golang-migrate",
      tool: "golang-migrate",
      statement: "update schema_migrations set dirty = true",
      message: "version 3 as dirty",
      hint: "migrate force",
    },
    {
      what: "a script that Flyway failed to run",
      tool: "flyway",
      statement: "update flyway_schema_history set success = false where version = '1.10'",
      message: '"2024/V1.10__Index.sql" as failed',
      hint: "flyway repair",
    },
    {
      what: "a file that is older than what goose has applied",
      tool: "goose",
      statement: "delete from goose_db_version where version_id = 2",
      message: 'not applied "00002_greeting.sql", and it has applied the newer "00003_index.sql"',
      hint: "Apply it with goose first",
    },
    {
      what: "a migration of node-pg-migrate that has no file",
      tool: "node-pg-migrate",
      statement: "insert into pgmigrations (name, run_on) values ('1704350000000_lost', now())",
      message: '"1704350000000_lost", and there is no file for it',
      hint: "Restore the file",
    },
    {
      what: "a database without the history",
      tool: "dbmate",
      statement: "drop table schema_migrations",
      message: 'no table "public.schema_migrations" with the columns of dbmate',
      hint: "--ledger-table",
    },
  ];
  test.concurrent.for(refusals)("$what", async ({ tool, statement, message, hint }) => {
    const { database, project, args } = await beginWithHistory(tool, projectOf(tool));
    await database.sql.unsafe(statement);
    const { exitCode, error } = await withoutChange(database.sql, async () =>
      refusedWithHint(...args),
    );
    expect({ exitCode, code: error.code }).toEqual({
      exitCode: 7,
      code: "IMPORT_HISTORY_UNUSABLE",
    });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(await readdir(project)).toEqual([]);
  });

  test("the history of another tool in the place of our ledger", async () => {
    const { database, project, args } = await beginWithHistory("goose", projectOf("goose"));
    await database.sql.unsafe("create table schema_migrations (version varchar primary key)");
    const { error } = await withoutChange(database.sql, async () => refusedWithHint(...args));
    expect(error.code).toBe("LEDGER_FOREIGN");
    expect(await readdir(project)).toEqual([]);
  });

  test("a user who may not create the ledger", async () => {
    // Made first, so that it goes after what depends on it.
    const role = await createRole();
    const { database, project, args } = await beginWithHistory("goose", projectOf("goose"));
    await database.sql.unsafe(`grant select on goose_db_version to ${role}`);
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const { error } = await withoutChange(database.sql, async () =>
      refusedWithHint(...args, "--url", url),
    );
    expect(error.code).toBe("SERVER_REFUSED");
    expect(await readdir(project)).toEqual([]);
  });

  test("a user who may read the ledger but not write, and takes the files away again", async () => {
    const role = await createRole();
    const { database, project, args } = await beginWithHistory("goose", projectOf("goose"));
    const empty = await createProject({ "migrations/001_a.sql": migration("select 1") });
    await runCli(["migrate", "--url", database.url, "--project", empty]);
    await database.sql.unsafe(
      `grant select on all tables in schema public to ${role}; grant update on goose_db_version to ${role}`,
    );
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const { error } = await withoutChange(database.sql, async () =>
      refusedWithHint(...args, "--url", url),
    );
    expect(error).toMatchObject({ code: "SERVER_REFUSED", sqlState: "42501" });
    expect(await readdir(join(project, "migrations"))).toEqual([]);
  });

  test("a table that a run of the other tool holds", async () => {
    const { database, project, args } = await beginWithHistory("dbmate", projectOf("dbmate"));
    const holder = await holdLock(
      database.url,
      "insert into schema_migrations values ('20240104120000')",
    );
    const { exitCode, error } = await refusedWithHint(...args);
    await holder.release();
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 6, code: "LOCKED" });
    expect(await readdir(project)).toEqual([]);
  });
});

test("an import that is killed while it waits leaves nothing, and the next one goes through", async () => {
  const { database, project, args } = await beginWithHistory("dbmate", projectOf("dbmate"));
  const { sql, url, name } = database;
  const holder = await holdLock(url, "lock table schema_migrations in row exclusive mode");
  const killed = startCli(args);
  const pid = await untilBlocked(sql, holder.pid);
  await killCli(killed);
  await terminateBackend(sql, pid);
  expect(await readdir(project)).toEqual([]);
  expect(await sql`select to_regclass('migration_events') is null as absent`).toEqual([
    { absent: true },
  ]);

  const next = startCli([...args, "--json"]);
  await untilBlocked(sql, holder.pid);
  await holder.release();
  const { exitCode, stdout } = await next.result;
  expect({ name, exitCode }).toEqual({ name, exitCode: 0 });
  expect(ImportResult.parse(JSON.parse(stdout)).ledger?.recorded).toHaveLength(3);
});

test.each(["absent", "outdated"])("an engine that is %s is installed whole", async (state) => {
  const foreign = projectOf("flyway");
  const { sql, url } = await (state === "absent" ? createDatabase() : createDatabaseWithEngine());
  if (state === "outdated") await sql`update schema_engine set hash = 'older'`;
  await sql.unsafe(foreign.schema + foreign.history);
  const { args } = await begin("flyway", foreign);
  await runJson(ImportResult, [...args, "--ledger", "--url", url]);
  // All of them are recorded, and so none was dropped as one that the engine no longer has.
  expect(await sql`select array_length(routines, 1) > 100 as many from schema_engine`).toEqual([
    { many: true },
  ]);
});

test("two imports at once take the history over once", async () => {
  const foreign = projectOf("dbmate");
  const { database, project, args } = await beginWithHistory("dbmate", foreign);
  const runs = await Promise.all([1, 2, 3].map(async () => runJson(ImportResult, args)));
  const recorded = runs.map(({ ledger }) => ledger?.recorded.length ?? 0);
  expect(recorded.toSorted((a, b) => a - b)).toEqual([0, 0, 3]);
  expect(await states(database.url, project)).toEqual(["applied", "applied", "applied", "pending"]);
});

test("a history with another name and schema is found where --ledger-table says", async () => {
  const { database, project, args } = await beginWithHistory("dbmate", projectOf("dbmate"));
  await database.sql.unsafe(
    'create schema app; alter table schema_migrations set schema app; alter table app.schema_migrations rename to "Done"',
  );
  const { error } = await refusedWithHint(...args);
  expect(error.detail).toContain('Such a table is "app.Done"');
  const { ledger } = await runJson(ImportResult, [...args, "--ledger-table", "app.Done"]);
  expect(ledger).toMatchObject({ table: "app.Done", renamedTo: null, pending: 1 });
  expect(await database.sql`select count(*)::int from app."Done"`).toEqual([{ count: 3 }]);
  expect(await states(database.url, project)).toEqual(["applied", "applied", "applied", "pending"]);
});

test("a baseline of Flyway stands for the files up to it, and a changed text is told of", async () => {
  const { database, args } = await beginWithHistory("flyway", projectOf("flyway"));
  await database.sql.unsafe(`
    delete from flyway_schema_history where installed_rank in (1, 2);
    update flyway_schema_history set version = '1.1', type = 'BASELINE' where installed_rank = 0;`);
  const { ledger, files } = await runJson(ImportResult, args);
  expect(ledger?.recorded).toEqual(projectOf("flyway").versions.slice(0, 3));
  expect(files.flatMap(({ notes }) => notes)).toEqual([]);

  const other = await beginWithHistory("flyway", projectOf("flyway"));
  await other.database.sql.unsafe(
    "update flyway_schema_history set checksum = 1 where version = '1.10'",
  );
  const changed = await runJson(ImportResult, other.args);
  expect(
    changed.files.flatMap(({ path, notes }) => notes.map((note) => `${path}: ${note}`)),
  ).toEqual([
    "migrations/01010000_index.sql: Its text is not what Flyway recorded when it was applied.",
  ]);
});

test("a folder that cannot be converted is refused with everything that is wrong, and nothing is written", async () => {
  const folder = await createProject({
    "V1__good.sql": "select 1;\n",
    "V2__program.java": "class V2__program {}",
    "V3__psql.sql": "select 1;\n\\i other.sql\n",
    "V4__copy.sql": "copy t from stdin;\n1\n\\.\n",
    "V5__placeholder.sql": "create table ${name} (id int);\n",
    "V6__transaction.sql": "select 1;\ncommit;\nselect 2;\n",
    "V7__setting.sql": "select 1;\n",
    "V7__setting.sql.conf": "shouldExecute=${x}\n",
    "U8__nothing.sql": "select 1;\n",
    "B9__baseline.sql": "select 1;\n",
    "R__grants.sql": "grant select on t to public;\n",
    "afterMigrate.sql": "select 1;\n",
  });
  const project = await createProject({});
  const { exitCode, error } = await refusedWithHint(
    "import",
    "flyway",
    "--from",
    folder,
    "--project",
    project,
  );
  expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: "IMPORT_FILES_UNUSABLE" });
  expect(error.message).toContain("10 problems");
  const lines = error.detail?.split("\n") ?? [];
  for (const place of [
    '"V2__program.java"',
    "V3__psql.sql:2:",
    "V4__copy.sql:1:",
    "V5__placeholder.sql:1:",
    "V6__transaction.sql:2:",
    "V7__setting.sql.conf:1:",
    '"U8__nothing.sql"',
    '"B9__baseline.sql"',
    "R__grants.sql:1:",
    '"afterMigrate.sql"',
  ]) {
    expect(
      lines.filter((line) => line.startsWith(place)),
      place,
    ).toHaveLength(1);
  }
  expect(await readdir(project)).toEqual([]);
});

describe("what is in the project already", () => {
  const files = { "001_a.up.sql": "select 1;\n", "002_b.up.sql": "select 2;\n" };

  test.for([
    ["another text under the same name", { "migrations/001_a.sql": migration("select 9") }],
    ["the same number under another name", { "migrations/0002_other.sql": migration("select 9") }],
  ] as const)("%s is refused, and nothing is written", async ([, there]) => {
    const folder = await createProject(files);
    const project = await createProject(there);
    const { error } = await refusedWithHint(
      "import",
      "golang-migrate",
      "--from",
      folder,
      "--project",
      project,
    );
    expect(error.code).toBe("IMPORT_FILE_EXISTS");
    expect(await readdir(join(project, "migrations"))).toHaveLength(1);
  });

  test("files that were imported before stay, and later ones are added with as many digits as fit", async () => {
    const folder = await createProject(files);
    const project = await createProject({});
    const args = ["import", "golang-migrate", "--from", folder, "--project", project];
    await runJson(ImportResult, args);
    const path = join(project, "migrations/001_a.sql");
    // As git may check it out on Windows.
    await writeFile(path, (await readFile(path, "utf8")).replaceAll("\n", "\r\n"));
    await writeFiles(folder, { "004_d.up.sql": "select 4;\n" });
    const { files: result } = await runJson(ImportResult, args);
    expect(result.map(({ path: name, state }) => [name, state])).toEqual([
      ["migrations/001_a.sql", "unchanged"],
      ["migrations/002_b.sql", "unchanged"],
      ["migrations/00000004_d.sql", "written"],
    ]);
  });

  test("when one file cannot be written, none is", async () => {
    const folder = await createProject({
      "V1__a.sql": "select 1;\n",
      "R__v.sql": "create or replace view v as select 1 as a;\n",
    });
    const project = await createProject({ views: "not a folder" });
    const { error } = await refusedWithHint(
      "import",
      "flyway",
      "--from",
      folder,
      "--project",
      project,
    );
    expect(error.code).toBe("PROJECT_NOT_FOUND");
    expect(await readdir(join(project, "migrations"))).toEqual([]);
  });
});

test.for([
  ["import", "liquibase", "--from", "."],
  ["import", "dbmate", "--from", "no-such-folder"],
  ["import", "dbmate", "--from", ".", "--ledger-table", "public.t"],
])("%s is a wrong usage", async (args) => {
  expect((await refusedWithHint(...args)).error.code).toBe("USAGE");
});

test("the folder and the project may be the current one", async () => {
  const folder = await createProject({ "00001_a.sql": "-- +goose Up\nselect 1;\n" });
  const { stdout } = await runCli(["import", "goose", "--from", "."], { cwd: folder });
  expect(stdout).toContain("00001_a.sql  migrations/00001_a.sql");
  expect(await readdir(join(folder, "migrations"))).toEqual(["00001_a.sql"]);
});

test("a folder without a migration is refused", async () => {
  const folder = await createProject({ "README.md": "" });
  const { error } = await refusedWithHint("import", "goose", "--from", folder);
  expect(error).toMatchObject({
    code: "USAGE",
    message: expect.stringContaining("holds no migration") as string,
  });
});

async function begin(
  tool: string,
  { files }: ForeignProject,
): Promise<{ readonly folder: string; readonly project: string; readonly args: string[] }> {
  const folder = await createProject(files);
  const project = await createProject({});
  return { folder, project, args: ["import", tool, "--from", folder, "--project", project] };
}

interface Begun {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly project: string;
  readonly args: string[];
}

async function beginWithHistory(tool: string, foreign: ForeignProject): Promise<Begun> {
  const database = await createDatabase();
  await database.sql.unsafe(foreign.schema + foreign.history);
  const { folder, project, args } = await begin(tool, foreign);
  return { database, folder, project, args: [...args, "--ledger", "--url", database.url] };
}

function historyName({ table }: ForeignProject): string {
  return table.replace(/_of_\w+$/, "");
}

async function runJson<Result>(
  schema: { parse(document: unknown): Result },
  args: readonly string[],
): Promise<Result> {
  const { exitCode, stdout, stderr } = await runCli([...args, "--json"]);
  expect(exitCode, stderr).toBe(0);
  return schema.parse(JSON.parse(stdout));
}

async function states(url: string, project: string): Promise<string[]> {
  const args = ["status", "--url", url, "--project", project];
  return (await runJson(StatusResult, args)).migrations.map(({ state }) => state);
}

function projectOf(tool: string): ForeignProject {
  const project = foreignProjects[tool];
  if (project === undefined) throw new Error(`There is no project of ${tool}.`);
  return project;
}
