import { beforeEach, expect, test } from "vitest";
import { terminateBackend, untilBlocked } from "../support/backends.ts";
import { runCli, startCli, type CliResult } from "../support/cli.ts";
import { createDatabase, createRole, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

let database: TestDatabase;
let project: string;

const file = "migrations/001_steps.sql";

beforeEach(async () => {
  database = await createDatabase();
  await database.sql.unsafe(
    "create table t (id int, other int); insert into t values (1, 1), (1, 2)",
  );
  project = await createProject({});
});

/** Writes the migration of each test, with one statement a line from line 2 on. */
async function write(up: readonly string[], down = "irreversible it is a test"): Promise<void> {
  await writeFiles(project, {
    [file]: `-- migrate:up transaction:false\n${up.map((each) => `${each};\n`).join("")}-- migrate:${down}\n`,
  });
}

async function run(command: string): Promise<CliResult> {
  return runCli([command, "--json", "--url", database.url, "--project", project]);
}

function errorOf({ stdout }: CliResult): unknown {
  return (JSON.parse(stdout) as { error: unknown }).error;
}

async function journal(): Promise<object[]> {
  return database.sql`
    select place, ended_at is not null as ended from migration_statements order by direction, place`;
}

async function indexes(): Promise<object[]> {
  return database.sql`
    select indexrelid::regclass::text as name, indisvalid as valid from pg_index
    where indrelid = 't'::regclass order by 1`;
}

test("a run goes on with the statement that failed, and drops the invalid index that it left", async () => {
  await write([
    "insert into t values (3, 3)",
    "create unique index concurrently t_id on t (id)",
    "insert into t values (4, 4)",
  ]);
  const failed = await run("migrate");
  expect(failed.exitCode).toBe(5);
  expect(errorOf(failed)).toMatchObject({
    code: "MIGRATION_INTERRUPTED",
    sqlState: "23505",
    message:
      'Migration "001_steps" stopped at its statement 2. The statement before it is done and stays.',
    detail: expect.stringContaining("drop index concurrently public.t_id") as string,
    location: { file, line: 3 },
  });
  expect(await indexes()).toEqual([{ name: "t_id", valid: false }]);
  expect(await journal()).toEqual([
    { place: 1, ended: true },
    { place: 2, ended: false },
  ]);
  expect(JSON.parse((await run("status")).stdout)).toMatchObject({
    migrations: [{ version: "001_steps", state: "half-way" }],
  });

  await database.sql`delete from t where other = 2`;
  const completed = await run("migrate");
  expect(completed).toMatchObject({ exitCode: 0 });
  expect(completed.stderr).toContain('"001_steps" is half-way; going on at its statement 2 of 3.');
  expect(await indexes()).toEqual([{ name: "t_id", valid: true }]);
  expect(await database.sql`select id from t order by id`).toEqual([
    { id: 1 },
    { id: 3 },
    { id: 4 },
  ]);
  expect(
    await database.sql`select up_sql like 'insert%' as kept, duration > '0' as timed from schema_migrations`,
  ).toEqual([{ kept: true, timed: true }]);
});

test("the statement that failed may be corrected, and those after it; those that are done may not", async () => {
  await write(["insert into t values (3, 3)", "insert into missing values (1)", "select 1"]);
  expect(await run("migrate")).toMatchObject({ exitCode: 5 });
  await write(["insert into t values (5, 5)", "insert into t values (4, 4)"]);
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(7);
  expect(errorOf(refused)).toMatchObject({
    code: "MIGRATION_CHANGED",
    detail: "It ran as: insert into t values (3, 3)",
    location: { file, line: 2 },
  });
  await write(["insert into t values (3, 3)", "insert into t values (4, 4)"]);
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  expect(await database.sql`select id from t where id > 1 order by id`).toEqual([
    { id: 3 },
    { id: 4 },
  ]);
});

test("a half-way migration goes on as it began, and not in a transaction", async () => {
  const steps = ["insert into t values (3, 3)", "insert into t values (4, 4)"];
  await write([...steps.slice(0, 1), "insert into missing values (1)"]);
  expect(await run("migrate")).toMatchObject({ exitCode: 5 });
  await writeFiles(project, { [file]: migration(steps.join(";\n")) });
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(7);
  expect(errorOf(refused)).toMatchObject({
    code: "MIGRATION_CHANGED",
    message:
      'Migration "001_steps" is half-way, and its file no longer says that it runs outside a transaction.',
  });
  expect(await database.sql`select id from t where id > 1`).toEqual([{ id: 3 }]);
  await write(steps);
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  expect(await database.sql`select id from t where id > 1 order by id`).toEqual([
    { id: 3 },
    { id: 4 },
  ]);
});

test("a migration of which nothing has been done may go into a transaction", async () => {
  await write(["insert into missing values (1)"]);
  expect(await run("migrate")).toMatchObject({ exitCode: 5 });
  await writeFiles(project, { [file]: migration("insert into t values (3, 3)") });
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
});

test("REINDEX that is not concurrent has a lock timeout, and its row in the journal ends", async () => {
  const { sql, url } = database;
  await sql.unsafe(
    "create index t_other on t (other); create table p (id int) partition by list (id)",
  );
  await write(["reindex table t", "reindex table p", "reindex schema public"]);
  const writer = await holdLock(url, "insert into t values (9, 9)");
  const limits = ["--lock-timeout", "100ms", "--lock-retries", "1"];
  const late = await runCli(["migrate", "--json", "--url", url, "--project", project, ...limits]);
  expect(late.exitCode).toBe(5);
  expect(errorOf(late)).toMatchObject({ sqlState: "55P03" });
  expect(late.stderr).toContain("(attempt 1 of 2)");
  await writer.release();
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  expect(await journal()).toEqual([1, 2, 3].map((place) => ({ place, ended: true })));
});

test("a procedure that may have committed is not run again by itself when it does not get a lock", async () => {
  const { sql, url } = database;
  await sql.unsafe(`
    create table held (id int);
    create procedure fill() language plpgsql as $$
    begin
      insert into t values (3, 3);
      commit;
      lock table held;
    end $$`);
  await write(["call fill()"]);
  const holder = await holdLock(url, "select * from held");
  const limits = ["--lock-timeout", "100ms", "--lock-retries", "2"];
  const failed = await runCli(["migrate", "--json", "--url", url, "--project", project, ...limits]);
  expect(failed.exitCode).toBe(5);
  expect(errorOf(failed)).toMatchObject({ sqlState: "55P03" });
  expect(await sql`select id from t where id = 3`).toEqual([{ id: 3 }]);
  await holder.release();
});

test("IF NOT EXISTS does not take an invalid index for one that exists", async () => {
  await expect(
    database.sql.unsafe("create unique index concurrently t_id on t (id)"),
  ).rejects.toThrow("could not create unique index");
  await write(["create index concurrently if not exists t_id on t (id)"]);
  const caught = await run("migrate");
  expect(caught.exitCode).toBe(5);
  expect(errorOf(caught)).toMatchObject({
    message: expect.stringContaining('the index "t_id" is invalid') as string,
    location: { file, line: 2 },
  });
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  expect(await indexes()).toEqual([{ name: "t_id", valid: true }]);
});

test("settings and roles of a migration hold for the statements after them, also in the run that goes on", async () => {
  const role = await createRole();
  const { sql } = database;
  await sql.unsafe(
    `grant create on schema public to ${role}; create table seen (setting text, role text)`,
  );
  await sql.unsafe(`grant insert on seen to ${role}`);
  const look = "insert into seen values (current_setting('work_mem'), current_user)";
  await write([
    "set work_mem = '7MB'",
    `set role ${role}`,
    look,
    "insert into missing values (1)",
    look,
  ]);
  expect(await run("migrate")).toMatchObject({ exitCode: 5 });
  await write(["set work_mem = '7MB'", `set role ${role}`, look, "create table owned ()", look]);
  const completed = await run("migrate");
  expect(completed).toMatchObject({ exitCode: 0 });
  expect(await sql`select setting, role from seen`).toEqual([
    { setting: "7MB", role },
    { setting: "7MB", role },
  ]);
  expect(await sql`select tableowner from pg_tables where tablename = 'owned'`).toEqual([
    { tableowner: role },
  ]);
  expect(completed.stderr).toContain(`left in the session: setting work_mem, role ${role}.`);
  await sql.unsafe(`drop owned by ${role}`);
});

test("a detached partition whose detaching was cut off is detached by the next run", async () => {
  const { sql, url } = database;
  await sql.unsafe(
    "create table p (id int) partition by list (id); create table p1 partition of p for values in (1)",
  );
  await write(["alter table p detach partition p1 concurrently"]);
  const reader = await holdLock(url, "select * from p");
  const cut = startCli(["migrate", "--json", "--url", url, "--project", project]);
  await terminateBackend(sql, await untilBlocked(sql, reader.pid));
  expect(await cut.result).toMatchObject({ exitCode: 3 });
  expect(
    await sql`select inhdetachpending from pg_inherits where inhrelid = 'p1'::regclass`,
  ).toEqual([{ inhdetachpending: true }]);
  await reader.release();
  const completed = await run("migrate");
  expect(completed).toMatchObject({ exitCode: 0 });
  expect(completed.stderr).toContain("detach partition public.p1 finalize");
  expect(await sql`select from pg_inherits where inhrelid = 'p1'::regclass`).toEqual([]);
});

test("what REINDEX CONCURRENTLY leaves behind is dropped, and the index built again", async () => {
  const { sql, url } = database;
  await sql.unsafe("create index t_other on t (other)");
  await write(["reindex index concurrently t_other"]);
  const writer = await holdLock(url, "insert into t values (9, 9)");
  const cut = startCli(["migrate", "--json", "--url", url, "--project", project]);
  await terminateBackend(sql, await untilBlocked(sql, writer.pid));
  expect(await cut.result).toMatchObject({ exitCode: 3 });
  expect(await indexes()).toContainEqual({ name: "t_other_ccnew", valid: false });
  await writer.release();
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  expect(await indexes()).toEqual([{ name: "t_other", valid: true }]);
});

test("a rollback that stopped half-way is completed by the next one, and by nothing else", async () => {
  const { sql } = database;
  await write(
    ["create index concurrently t_id on t (id)", "create table u (id int)"],
    "down transaction:false\ndrop table u;\ndrop index concurrently t_id",
  );
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  const held = await holdLock(database.url, "insert into t values (9, 9)");
  const back = startCli(["rollback", "--json", "--url", database.url, "--project", project]);
  await terminateBackend(sql, await untilBlocked(sql, held.pid));
  expect(await back.result).toMatchObject({ exitCode: 3 });
  await held.release();
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(5);
  expect(errorOf(refused)).toMatchObject({ message: 'Migration "001_steps" is half rolled back.' });
  expect(await run("rollback")).toMatchObject({ exitCode: 0 });
  expect(await indexes()).toEqual([]);
  expect(await journal()).toEqual([]);
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
});

test("a half-way migration is not rolled back, and not forgotten when its file is missing", async () => {
  await write(["select 1", "insert into missing values (1)"]);
  expect(await run("migrate")).toMatchObject({ exitCode: 5 });
  const back = await run("rollback");
  expect(back.exitCode).toBe(0);
  project = await createProject({
    "migrations/001_other.sql": "-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n",
  });
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(7);
  expect(errorOf(refused)).toMatchObject({ code: "MIGRATION_MISSING" });
});

test("an index that is built concurrently needs a name", async () => {
  await write(["create index concurrently on t (id)"]);
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(2);
  expect(errorOf(refused)).toMatchObject({
    code: "MIGRATION_STATEMENT_FORBIDDEN",
    location: { line: 2 },
  });
});
