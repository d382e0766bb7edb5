import { beforeEach, expect, test } from "vitest";
import { StatusResult } from "../../src/migrations/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

let database: TestDatabase;
let project: string;

async function run(...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd: project, env: { DATABASE_URL: database.url } });
}

async function states(): Promise<Record<string, string>> {
  const { stdout } = await run("status", "--json");
  const { migrations } = StatusResult.parse(JSON.parse(stdout));
  return Object.fromEntries(migrations.map(({ version, state }) => [version, state]));
}

function table(name: string): string {
  return migration(`create table ${name} (id int)`, `drop table ${name}`);
}

// 2 and 4 are merged from a branch after 3 and 5 have been applied; 6 is new.
beforeEach(async () => {
  database = await createDatabase();
  project = await createProject({
    "migrations/20260101120001_a.sql": table("a"),
    "migrations/20260101120003_c.sql": table("c"),
    "migrations/20260101120005_e.sql": table("e"),
  });
  await run("migrate");
  await writeFiles(project, {
    "migrations/20260101120002_b.sql": table("b"),
    "migrations/20260101120004_d.sql": table("d"),
    "migrations/20260101120006_f.sql": table("f"),
  });
});

test("older migrations are refused with both ways out, and applied in order with --out-of-order allow", async () => {
  expect(await states()).toMatchObject({
    "20260101120002_b": "out of order",
    "20260101120004_d": "out of order",
    "20260101120006_f": "pending",
  });
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(7);
  expect(refused.stderr).toContain("merged from a branch");
  expect(refused.stderr).toContain('"20260101120007_b.sql", the next free number');
  expect(await run("migrate", "--out-of-order", "forbid")).toEqual(refused);
  const planned = await run("migrate", "--out-of-order", "allow", "--dry-run");
  expect(planned.stdout).toMatch(/02_b\n.*04_d\n.*06_f/);
  const allowed = await run("migrate", "--out-of-order", "allow");
  expect(allowed).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Applied 3 migrations") as string,
  });
  const rows = await database.sql`
    select right(version, 1) as name from schema_migrations order by applied_order`;
  expect(rows.map((row) => row["name"] as string).join("")).toBe("acebdf");
  expect(new Set(Object.values(await states()))).toEqual(new Set(["applied"]));
  const again = await run("migrate");
  expect(again.stdout).toContain("Nothing is pending");
});

test("--to counts older migrations, and says how many are left", async () => {
  const { stdout } = await run("migrate", "--out-of-order", "allow", "--to", "20260101120003_c");
  expect(stdout).toContain("Applied 1 migration");
  expect(stdout).toContain("Still pending: 2 migrations.");
});

test("what was applied out of order is rolled back in the order in which it was applied", async () => {
  await run("migrate", "--out-of-order", "allow");
  const { exitCode, stdout } = await run("rollback", "--steps", "3");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("now the newest is 20260101120005_e");
});

test("a policy that does not exist is refused", async () => {
  const { exitCode, stderr } = await run("migrate", "--out-of-order", "ignore");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Allowed choices are allow, forbid.");
});
