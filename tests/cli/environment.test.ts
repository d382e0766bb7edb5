import { beforeEach, describe, expect, test } from "vitest";
import { RepairResult, StatusResult } from "../../src/migrations/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, createRole, urlOf, type TestDatabase } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";

let database: TestDatabase;
let project: string;

beforeEach(async () => {
  database = await createDatabase();
  project = await createProject({
    "migrations/001_first.sql": migration("create table first (id int)", "drop table first"),
    "migrations/002_second.sql": migration("create table second (id int)", "drop table second"),
  });
});

async function run(args: string, env: Record<string, string> = {}): Promise<CliResult> {
  const words = args.split(" ");
  return runCli(words, { cwd: project, env: { DATABASE_URL: database.url, ...env } });
}

async function statusEnvironment(url = database.url): Promise<StatusResult["environment"]> {
  const { stdout } = await run(`status --json --url ${url}`);
  return StatusResult.parse(JSON.parse(stdout)).environment;
}

/** Everything that a run changes, whatever it does. */
async function traces(): Promise<unknown> {
  const [exists] = await database.sql`select to_regclass('migration_events') is not null as yes`;
  if (exists?.["yes"] !== true) return "none";
  return [
    [...(await database.sql`select * from migration_events order by id`)],
    [...(await database.sql`select * from schema_environment`)],
  ];
}

async function expectRefused(args: string, code: string, env = {}): Promise<string> {
  const before = await traces();
  const { exitCode, stderr, stdout } = await run(args, env);
  expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 2, stdout: "" });
  expect(stderr).toContain(`(${code})`);
  expect(await traces()).toEqual(before);
  return stderr;
}

const commands = ["migrate", "rollback", "baseline 002_second --yes", "repair --yes"];

describe("--expect-database", () => {
  test.for([...commands, "migrate --sql"])(
    "with another name keeps %s from doing anything",
    async (command) => {
      const stderr = await expectRefused(
        `${command} --expect-database live`,
        "DATABASE_UNEXPECTED",
      );
      expect(stderr).toContain(`The database is "${database.name}"`);
      await run("migrate --to 001_first");
      await expectRefused(`${command} --expect-database live`, "DATABASE_UNEXPECTED");
    },
  );

  test("with the database's name lets every command through", async () => {
    for (const command of ["migrate", "rollback", "baseline 002_second --yes", "repair"]) {
      const result = await run(`${command} --expect-database ${database.name}`);
      expect(result).toMatchObject({ exitCode: 0 });
    }
  });

  test("without a name is refused", async () => {
    const args = ["migrate", "--expect-database", "", "--url", database.url];
    const { exitCode, stderr } = await runCli(args, { cwd: project });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"--expect-database" is empty');
  });
});

describe("--environment", () => {
  test.for(["migrate", "baseline 002_second --yes"])(
    "is recorded by the first %s",
    async (command) => {
      expect(await run(`${command} --environment production`)).toMatchObject({ exitCode: 0 });
      expect(await statusEnvironment()).toEqual({ name: "production", sameCluster: true });
      expect((await run("status")).stdout).toContain(', environment "production"\n');
      expect(await run(`${command} --environment production`)).toMatchObject({ exitCode: 0 });
    },
  );

  test("is recorded where nothing is pending any more", async () => {
    await run("migrate");
    expect(await statusEnvironment()).toBeNull();
    const { stdout } = await run("migrate --environment production");
    expect(stdout).toContain("Nothing is pending");
    expect(await statusEnvironment()).toEqual({ name: "production", sameCluster: true });
  });

  test("is not recorded by a dry run", async () => {
    await run("migrate");
    await run("migrate --environment production --dry-run");
    expect(await statusEnvironment()).toBeNull();
  });

  test("may come from the environment, where the flag comes first", async () => {
    const env = { DORAMAFLIX_DB_ENVIRONMENT: "production" };
    expect(await run("migrate --to 001_first", env)).toMatchObject({ exitCode: 0 });
    expect(await statusEnvironment()).toMatchObject({ name: "production" });
    await expectRefused("migrate --environment staging", "ENVIRONMENT_UNEXPECTED", env);
    expect(await run("migrate", env)).toMatchObject({ exitCode: 0 });
  });

  test.for(commands)("with another name keeps %s from doing anything", async (command) => {
    await run("migrate --to 001_first --environment production");
    const stderr = await expectRefused(command, "ENVIRONMENT_UNEXPECTED", {
      DORAMAFLIX_DB_ENVIRONMENT: "staging",
    });
    expect(stderr).toContain('is of environment "production", and "staging" is expected');
    expect(stderr).toContain("doramaflix-db repair --environment staging");
  });

  test.for(["rollback", "repair --yes"])(
    "keeps %s from a database that has none",
    async (command) => {
      await run("migrate");
      const stderr = await expectRefused(command, "ENVIRONMENT_UNEXPECTED", {
        DORAMAFLIX_DB_ENVIRONMENT: "production",
      });
      expect(stderr).toContain("has no environment");
    },
  );

  test("keeps every run from a copy on another server, until that is recorded anew", async () => {
    await run("migrate --to 001_first --environment production");
    // As in a dump that was restored here.
    await database.sql`update schema_environment set system_identifier = 1`;
    const stderr = await expectRefused(
      "migrate --environment production",
      "ENVIRONMENT_UNEXPECTED",
    );
    expect(stderr).toContain("recorded on another server");
    expect(await statusEnvironment()).toEqual({ name: "production", sameCluster: false });
    expect((await run("status")).stdout).toContain("this is a copy");
    const planned = await run("repair --environment staging --dry-run");
    expect(planned.stdout).toContain(
      'of environment "staging" on this server, not "production" any more',
    );
    expect(await statusEnvironment()).toEqual({ name: "production", sameCluster: false });
    const { stdout } = await run("repair --environment staging --yes --json");
    expect(RepairResult.parse(JSON.parse(stdout)).environment).toEqual({
      name: "staging",
      before: "production",
    });
    expect(await run("migrate --environment staging")).toMatchObject({ exitCode: 0 });
    const again = await run("repair --environment staging");
    expect(again.stdout).toContain("Nothing to repair");
  });

  test("compares names only where the cluster's identifier may not be read", async () => {
    const user = await createRole();
    await database.sql.unsafe(`
      revoke execute on function pg_control_system() from public;
      grant create on schema public to ${user}`);
    const url = urlOf({ database: database.name, user, password: "secret" });
    expect(await run(`migrate --environment production --url ${url}`)).toMatchObject({
      exitCode: 0,
    });
    expect(await statusEnvironment(url)).toEqual({ name: "production", sameCluster: null });
    expect(await run(`migrate --environment production --url ${url}`)).toMatchObject({
      exitCode: 0,
    });
    await expectRefused(`migrate --environment staging --url ${url}`, "ENVIRONMENT_UNEXPECTED");
    await database.sql.unsafe(`drop owned by ${user} cascade`);
  });

  test("may not be read by everyone who may read the rest", async () => {
    await run("migrate --environment production");
    const user = await createRole("in role pg_monitor");
    await database.sql.unsafe(`
      grant select on schema_engine, schema_migrations, schema_definitions to pg_monitor`);
    const url = urlOf({ database: database.name, user, password: "secret" });
    expect(await statusEnvironment(url)).toBeNull();
  });

  test("of two first runs with different ones, one is refused", async () => {
    const runs = await Promise.all(
      ["production", "staging"].map(async (name) => run(`migrate --environment ${name}`)),
    );
    expect(new Set(runs.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 2]));
    expect(await database.sql`select from schema_environment`).toHaveLength(1);
  });

  test.for(["two words", "-", "", "a/b"])("is refused as %j", async (name) => {
    const args = ["migrate", `--environment=${name}`, "--url", database.url];
    const { exitCode, stderr } = await runCli(args, { cwd: project });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("is not the name of an environment");
  });
});
