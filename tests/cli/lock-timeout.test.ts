import { beforeEach, expect, test, vi } from "vitest";
import { untilBlocked } from "../support/backends.ts";
import { runCli, startCli, type CliRun } from "../support/cli.ts";
import { createDatabase, openSession, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, migration } from "../support/project.ts";

let database: TestDatabase;
let args: string[];

const alterHeld = migration(
  "alter table held add column added int",
  "alter table held drop column added",
);

beforeEach(async () => {
  database = await createDatabase();
  await database.sql.unsafe("create table held (id int)");
});

async function useProject(files: Readonly<Record<string, string>>): Promise<void> {
  args = ["--json", "--url", database.url, "--project", await createProject(files)];
}

/** A migration that takes so long. */
function slow(seconds: number): string {
  return migration(`do 'begin perform pg_sleep(${seconds}); end'`);
}

/** Waits until a run has said a text on stderr. */
async function untilSaid({ child }: CliRun, text: string): Promise<string> {
  let said = "";
  child.stderr?.on("data", (piece: string) => (said += piece));
  return vi.waitUntil(() => said.includes(text) && said, { timeout: 30_000 });
}

async function versions(): Promise<string[]> {
  const rows = await database.sql<{ version: string }[]>`
    select version from schema_migrations order by applied_order`;
  return rows.map(({ version }) => version);
}

test("a migration that does not get its lock lets others through, says who is in the way, and is tried again", async () => {
  await useProject({
    "migrations/001_free.sql": migration("create table free (id int)"),
    "migrations/002_held.sql": alterHeld,
  });
  const holder = await holdLock(
    database.url,
    "set local application_name = 'report'; select * from held",
  );
  const reader = openSession(database.url);
  const run = startCli(["migrate", ...args, "--lock-timeout", "1s"]);
  const blocked = await untilBlocked(database.sql, holder.pid);
  // It queues behind the run, and gets through when the run gives way for a while.
  const read = reader`select * from held`.execute();
  await untilBlocked(database.sql, blocked);
  const said = await untilSaid(run, "trying again");
  expect(said).toMatch(
    /warning: Migration "002_held" did not get a lock within 1.00 s \(attempt 1 of 11\); trying again in .+/,
  );
  expect(said).toMatch(
    new RegExp(
      `Process ${holder.pid} \\(user ".+", application "report", idle in transaction, transaction open for .+\\): ` +
        "set local application_name = 'report'; select \\* from held 1 session queued behind this run\\.",
    ),
  );
  expect(await read).toEqual([]);
  await holder.release();
  expect(await run.result).toMatchObject({ exitCode: 0 });
  expect(await versions()).toEqual(["001_free", "002_held"]);
});

test.each([
  { retries: "0", times: "1 times" },
  { retries: "2", times: "3 times" },
])("after $retries retries it ends with 4 and leaves nothing", async ({ retries, times }) => {
  await useProject({
    "migrations/001_free.sql": migration("create table free (id int)"),
    "migrations/002_held.sql": migration(
      "create table gone (id int);\nalter table held add column added int",
    ),
  });
  const holder = await holdLock(database.url, "select * from held");
  const limits = ["--lock-timeout", "100ms", "--lock-retries", retries];
  const { exitCode, stdout, stderr } = await runCli(["migrate", ...args, ...limits]);
  expect(exitCode).toBe(4);
  expect(stderr.match(/trying again/g) ?? []).toHaveLength(Number(retries));
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: "LOCK_TIMEOUT",
      sqlState: "55P03",
      message: expect.stringContaining(times) as string,
      detail: expect.stringContaining(`Process ${holder.pid} `) as string,
      location: { file: "migrations/002_held.sql", line: 3 },
    },
  });
  expect(await versions()).toEqual(["001_free"]);
  expect(await database.sql`select to_regclass('gone') as gone`).toEqual([{ gone: null }]);
  await holder.release();
});

test("rollback, functions and views have the same patience", async () => {
  await useProject({
    "migrations/001_held.sql": alterHeld,
    "views/v.sql": "create or replace view v as select id from held;",
  });
  expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
  const limits = ["--lock-timeout", "100ms", "--lock-retries", "1"];
  const holder = await holdLock(database.url, "lock table held in access exclusive mode");
  const back = await runCli(["rollback", ...args, ...limits]);
  expect(back).toMatchObject({ exitCode: 4 });
  expect(JSON.parse(back.stdout)).toMatchObject({ error: { code: "LOCK_TIMEOUT" } });
  await database.sql`update schema_definitions set checksum = 'older'`;
  const view = await runCli(["migrate", ...args, ...limits]);
  expect(view).toMatchObject({ exitCode: 4 });
  expect(JSON.parse(view.stdout)).toMatchObject({
    error: {
      code: "LOCK_TIMEOUT",
      message: expect.stringContaining('"views/v.sql"') as string,
      detail: expect.stringContaining(`Process ${holder.pid} `) as string,
    },
  });
  await holder.release();
});

test("a concurrent index build waits as long as it takes, and other statements without a transaction do not", async () => {
  await useProject({
    "migrations/001_index.sql":
      "-- migrate:up transaction:false\ncreate index concurrently held_id on held (id);\n" +
      "alter table held add column added int;\n-- migrate:irreversible it is a test\n",
  });
  const writer = await holdLock(database.url, "insert into held values (1)");
  const run = startCli(["migrate", ...args, "--lock-timeout", "50ms", "--lock-retries", "1"]);
  const pid = await untilBlocked(database.sql, writer.pid);
  await vi.waitUntil(
    async () => {
      const [row] = await database.sql`
        select from pg_stat_activity where pid = ${pid} and now() - query_start > '300 ms'`;
      return row !== undefined;
    },
    { timeout: 30_000 },
  );
  const reader = await holdLock(database.url, "select * from held");
  await writer.release();
  const { exitCode, stdout } = await run.result;
  expect(exitCode).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: "MIGRATION_INTERRUPTED",
      sqlState: "55P03",
      detail: expect.stringContaining(`Process ${reader.pid} `) as string,
      location: { line: 3 },
    },
  });
  expect(
    await database.sql`select indisvalid from pg_index where indexrelid = 'held_id'::regclass`,
  ).toEqual([{ indisvalid: true }]);
  await reader.release();
  expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
});

test("a lock on the ledger ends a command after three seconds", async () => {
  await useProject({ "migrations/001_held.sql": alterHeld });
  expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
  const holder = await holdLock(
    database.url,
    "lock table schema_migrations in access exclusive mode",
  );
  const { exitCode, stdout } = await runCli(["status", ...args]);
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "LOCK_TIMEOUT", sqlState: "55P03" } });
  await holder.release();
});

test("an engine whose tables are locked is tried again, and installed in the end", async () => {
  await useProject({ "migrations/001_held.sql": alterHeld });
  expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
  await database.sql`update schema_engine set hash = 'older'`;
  const holder = await holdLock(database.url, "select * from schema_migrations");
  const run = startCli(["migrate", ...args, "--lock-timeout", "100ms"]);
  expect(await untilSaid(run, "trying again")).toContain("The engine did not get a lock");
  await holder.release();
  expect(await run.result).toMatchObject({ exitCode: 0 });
});

test("a time limit for statements holds for each migration, and not for all together", async () => {
  await useProject({
    "migrations/001_a.sql": slow(0.5),
    "migrations/002_b.sql": slow(0.5),
    "migrations/003_c.sql": slow(0.5),
    "migrations/004_d.sql": slow(30),
  });
  const limit = ["--statement-timeout", "1s"];
  expect(await runCli(["migrate", ...args, ...limit, "--to", "003_c"])).toMatchObject({
    exitCode: 0,
  });
  const { exitCode, stdout } = await runCli(["migrate", ...args, ...limit]);
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: "MIGRATION_FAILED",
      sqlState: "57014",
      location: { file: "migrations/004_d.sql" },
    },
  });
  expect(await versions()).toEqual(["001_a", "002_b", "003_c"]);
});

test.each([
  ["--wait", "5"],
  ["--lock-timeout", "3 parsecs"],
  ["--statement-timeout", "-1s"],
  ["--lock-retries", "many"],
])("%s %s is refused", async (option, value) => {
  await useProject({ "migrations/001_held.sql": alterHeld });
  const { exitCode, stdout } = await runCli(["migrate", ...args, option, value]);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "USAGE", message: expect.stringContaining(option) as string },
  });
});
