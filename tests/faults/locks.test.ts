import { beforeEach, expect, test } from "vitest";
import { untilBlocked } from "../support/backends.ts";
import { runCli, startCli, type CliRun } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { holdLock, type LockHolder } from "../support/lock-holder.ts";
import { createProject, migration } from "../support/project.ts";

let database: TestDatabase;
let args: string[];
let holder: LockHolder;
/** A run that is inside 002_held and waits there for the lock. */
let blocked: CliRun;
let blockedPid: number;

beforeEach(async () => {
  database = await createDatabase();
  const { url, sql } = database;
  const project = await createProject({
    "migrations/001_free.sql": migration("create table free (id int)", "drop table free"),
    "migrations/002_held.sql": migration("alter table held add column added int"),
  });
  args = ["migrate", "--json", "--lock-timeout", "0", "--url", url, "--project", project];
  await sql.unsafe("create table held (id int)");
  holder = await holdLock(url, "lock table held in access exclusive mode");
  blocked = startCli(args);
  blockedPid = await untilBlocked(sql, holder.pid);
});

/** The errors and the code that a run ended with. */
async function ended({ result }: CliRun): Promise<{ exitCode: number | null; error: unknown }> {
  const { exitCode, stdout } = await result;
  return { exitCode, error: (JSON.parse(stdout) as { error?: unknown }).error };
}

async function untilWaiting({ child }: CliRun): Promise<void> {
  await new Promise<void>((resolve) => {
    child.stderr?.on("data", (text: string) => {
      if (text.includes("Another run is at work in this database")) resolve();
    });
  });
}

test("SIGTERM ends a migration that waits for a lock, and the next run goes on", async () => {
  blocked.child.kill("SIGTERM");
  expect(await ended(blocked)).toMatchObject({ exitCode: 130, error: { code: "INTERRUPTED" } });
  await expect
    .poll(async () => database.sql`select from pg_stat_activity where pid = ${blockedPid}`)
    .toEqual([]);
  const ledger = "select version from schema_migrations order by applied_order";
  expect(await database.sql.unsafe(ledger)).toEqual([{ version: "001_free" }]);
  await holder.release();
  expect(await runCli(args)).toMatchObject({ exitCode: 0 });
  expect(await database.sql.unsafe(ledger)).toEqual([
    { version: "001_free" },
    { version: "002_held" },
  ]);
});

test.each(["0", "500ms"])(
  "a run that waits %s names the one that it has waited for",
  async (wait) => {
    const second = startCli([...args, "--wait", wait]);
    expect(await ended(second)).toMatchObject({
      exitCode: 6,
      error: {
        code: "LOCKED",
        detail: expect.stringMatching(
          new RegExp(
            `^Process ${blockedPid} of user ".+" from 127.0.0.1, "doramaflix-db: 002_held", connected since .+ UTC\\. ` +
              'It is at migration or file "002_held"\\.$',
          ),
        ) as string,
      },
    });
    await holder.release();
    expect(await blocked.result).toMatchObject({ exitCode: 0 });
  },
);

test("a second run waits, and ends well when the first has; SIGTERM ends one that waits", async () => {
  const [patient, impatient] = [startCli(args), startCli(args)];
  await Promise.all([patient, impatient].map(untilWaiting));
  impatient.child.kill("SIGTERM");
  expect(await ended(impatient)).toMatchObject({ exitCode: 130, error: { code: "INTERRUPTED" } });
  await holder.release();
  expect(await blocked.result).toMatchObject({ exitCode: 0 });
  const { exitCode, stdout } = await patient.result;
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ migrations: [], total: { migrations: 2 } });
});
