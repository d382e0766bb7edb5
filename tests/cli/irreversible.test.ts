import { rm } from "node:fs/promises";
import { beforeEach, expect, test } from "vitest";
import { MigrateResult } from "../../src/migrations/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";

const reason = "The names of deleted users are gone.";
const said = `"002_anonymize" cannot be rolled back: ${reason}`;

let database: TestDatabase;
let project: string;

beforeEach(async () => {
  database = await createDatabase();
  project = await createProject({
    "migrations/001_users.sql": migration("create table users (name text)", "drop table users"),
    "migrations/002_anonymize.sql": `-- migrate:up\nupdate users set name = '';\n-- migrate:irreversible ${reason}\n`,
  });
});

async function run(...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd: project, env: { DATABASE_URL: database.url } });
}

test("migrate says which migrations cannot be rolled back, and why, before it runs any", async () => {
  const { exitCode, stdout, stderr } = await run("migrate");
  expect(exitCode).toBe(0);
  expect(stderr.indexOf(said)).toBeGreaterThan(-1);
  expect(stderr.indexOf(said)).toBeLessThan(stderr.indexOf("Applying 001_users"));
  expect(stdout).not.toContain(reason);
  expect((await run("migrate")).stderr).toBe("");
});

test("a dry run says it too, and the JSON document has it", async () => {
  const { stdout, stderr } = await run("migrate", "--dry-run");
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringContaining(said) as string,
    stderr: "",
  });
  for (const args of [["--dry-run"], []]) {
    const { migrations } = MigrateResult.parse(
      JSON.parse((await run("migrate", ...args, "--json")).stdout),
    );
    expect(migrations.map(({ irreversible }) => irreversible)).toEqual([null, reason]);
  }
});

test("rollback has the reason from the ledger where the file is gone", async () => {
  await run("migrate");
  await database.sql`update schema_migrations set irreversible = ${reason} where version = '002_anonymize'`;
  await rm(`${project}/migrations/002_anonymize.sql`);
  const { exitCode, stderr } = await run("rollback");
  expect(exitCode).toBe(7);
  expect(stderr).toContain("(MIGRATION_IRREVERSIBLE)");
  expect(stderr).toContain(`The ledger says why: ${reason}`);
});

test("a file that is written again keeps the reason", async () => {
  await run("migrate");
  await database.sql`update schema_migrations set irreversible = ${reason} where version = '002_anonymize'`;
  await rm(`${project}/migrations/002_anonymize.sql`);
  expect(await run("repair", "--write-missing", "--yes")).toMatchObject({ exitCode: 0 });
  const { stderr } = await run("rollback");
  expect(stderr).toContain(`Its file says why: ${reason}`);
});
