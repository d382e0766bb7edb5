import { chmod, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { z } from "zod";
import { MigrateTargetsResult, StatusTargetsResult } from "../../src/migrations/targets/results.ts";
import { untilActive } from "../support/backends.ts";
import { runCli, startCli, type CliResult } from "../support/cli.ts";
import { createDatabases, openSession, urlOf } from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

type Migrated = z.infer<typeof MigrateTargetsResult>;

const project = await createProject({
  "migrations/001_a.sql": migration("create table a (id int)", "drop table a"),
  "migrations/002_b.sql": migration("create table b (id int)", "drop table b"),
  "views/all_a.sql": "create view all_a as select id from a;\n",
});

async function cli(args: readonly string[], folder = project): Promise<CliResult> {
  return runCli([...args, "--url", inject("serverUrl")], { cwd: folder });
}

/** Runs `migrate --json` and checks that its document is what the contract says. */
async function migrateJson(
  args: readonly string[],
  folder = project,
): Promise<CliResult & { document: Migrated }> {
  const result = await cli(["migrate", "--json", ...args], folder);
  return { ...result, document: documentOf(result) };
}

function documentOf({ stdout, stderr }: CliResult): Migrated {
  expect(stdout, stderr).not.toBe("");
  const document = JSON.parse(stdout) as Migrated;
  expect(MigrateTargetsResult.parse(document)).toEqual(document);
  return document;
}

/** Opens a session for a moment: some tests have hundreds of databases. */
async function inDatabase(database: string, statement: string): Promise<readonly object[]> {
  const sql = postgres(urlOf({ database }), { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function tablesOf(database: string): Promise<string[]> {
  const rows = await inDatabase(
    database,
    "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
  );
  return rows.map((row) => (row as { relname: string }).relname);
}

function states({ targets }: Migrated): Record<string, string> {
  return Object.fromEntries(targets.map(({ target, state }) => [target, state]));
}

test("200 databases are migrated but the one that fails, and the same command goes on with it", async () => {
  const { prefix, names } = await createDatabases(200);
  const broken = `${prefix}137`;
  await inDatabase(broken, "create table b ()");
  const args = ["--targets", `${prefix}*`, "--max-failures", "9"];

  const first = await cli(["migrate", ...args]);
  expect(first.exitCode).toBe(8);
  const [heading, row, , ...rest] = first.stdout.split("\n");
  expect(heading).toMatch(/^Database +State +Applied +Took$/);
  expect(row).toMatch(new RegExp(`^${broken} +failed`));
  expect(rest.join("\n")).toMatch(new RegExp(`^${broken}\nerror: Migration "002_b" failed.*42P07`));
  expect(first.stdout).toMatch(/200 databases in .*: 199 migrated, 1 failed\.\nLeft: 1 database\./);
  const told = first.stderr.trim().split("\n");
  expect(told).toHaveLength(200);
  expect(told[0]).toMatch(new RegExp(`^1/200 ${prefix}001: 2 migrations and 1 file, [\\d.]+ m?s$`));
  expect(told.filter((line) => line.includes("failed"))).toEqual([
    expect.stringMatching(new RegExp(`^\\d+/200 ${broken}: failed: Migration "002_b" failed\\.$`)),
  ]);

  await inDatabase(broken, "drop table b");
  const second = await migrateJson(args);
  expect(second.exitCode).toBe(0);
  expect(second.document.totals).toMatchObject({ targets: 200, migrated: 1, nothingPending: 199 });
  expect(second.document.targets.map(({ target }) => target)).toEqual(names);
  expect(second.document.targets[136]).toMatchObject({
    state: "migrated",
    migrations: ["002_b"],
    definitions: ["views/all_a.sql"],
  });

  const status = await cli(["status", "--targets", `${prefix}*`, "--exit-code", "--jobs", "8"]);
  expect(status).toMatchObject({ exitCode: 0, stdout: "200 databases: 200 current.\n" });
}, 180_000);

test("many at the same time are no leak to Node", async () => {
  const { prefix } = await createDatabases(12);
  const run = await cli(["migrate", "--targets", `${prefix}*`, "--jobs", "12"]);
  expect(run.exitCode).toBe(0);
  expect(run.stderr).not.toContain("Warning");
});

describe("what fails", () => {
  let names: readonly string[] = [];
  let prefix = "";

  beforeAll(async () => {
    ({ names, prefix } = await createDatabases(5));
    await inDatabase(`${prefix}003`, "create table b ()");
  });

  test("in the canary leaves all others untouched", async () => {
    const canary = `${prefix}003`;
    const run = await migrateJson(["--targets", `${prefix}*`, "--canary", canary]);
    expect(run.exitCode).toBe(8);
    expect(run.document.targets[0]).toMatchObject({
      target: canary,
      state: "failed",
      migrations: null,
      error: { code: "MIGRATION_FAILED", sqlState: "42P07", exitCode: 4 },
    });
    expect(run.document.totals).toMatchObject({ failed: 1, notRun: 4 });
    expect(await tablesOf(`${prefix}001`)).toEqual([]);
    const text = await cli(["migrate", "--targets", `${prefix}*`, "--canary", canary]);
    expect(text.stdout).toContain(
      `The canary "${canary}" failed, so no other database was touched.`,
    );
  });

  test("is shown by a dry run, which changes nothing", async () => {
    const run = await migrateJson(["--targets", `${prefix}00?`, "--dry-run"]);
    expect(run.exitCode).toBe(0);
    expect(run.document.totals).toMatchObject({ wouldMigrate: 5, migrated: 0 });
    expect(run.document.targets[0]).toMatchObject({ migrations: ["001_a", "002_b"] });
    expect(await tablesOf(`${prefix}001`)).toEqual([]);
  });

  test("ends the run after --max-failures, and the same command goes on", async () => {
    const list = ["--targets", `${prefix}*`, "--jobs", "1"];
    const first = await migrateJson(list);
    expect(first.exitCode).toBe(8);
    expect(Object.values(states(first.document))).toEqual([
      "migrated",
      "migrated",
      "failed",
      "not run",
      "not run",
    ]);
    expect(await tablesOf(`${prefix}004`)).toEqual([]);
    const second = await migrateJson([...list, "--max-failures", "2"]);
    expect(second.exitCode).toBe(8);
    expect(Object.values(states(second.document))).toEqual([
      "nothing pending",
      "nothing pending",
      "failed",
      "migrated",
      "migrated",
    ]);
    expect(names).toEqual(second.document.targets.map(({ target }) => target));
  });

  test("in the same way in several is said once", async () => {
    const folder = await createProject({
      "migrations/001_a.sql": migration("create table a (id int)", "drop table a"),
      "migrations/002_b.sql": migration("create table b (id int)", "drop table b"),
      "migrations/003_c.sql": migration(`select 1 / (current_database() = '${prefix}005')::int`),
    });
    await inDatabase(`${prefix}003`, "drop table b");
    const args = ["--targets", `${prefix}*`, "--canary", `${prefix}005`, "--max-failures", "4"];
    const { exitCode, stdout } = await cli(["migrate", ...args], folder);
    expect(exitCode).toBe(8);
    expect(stdout).toContain(
      `\n\n${prefix}001, ${prefix}002, ${prefix}003 and 1 other\nerror: Migration "003_c" failed.`,
    );
    expect(stdout.match(/division by zero/g)).toHaveLength(1);
  });

  test("is counted by status, which shows a row for each", async () => {
    await inDatabase(`${prefix}003`, "delete from schema_migrations where version <> '001_a'");
    await inDatabase(`${prefix}005`, "update schema_migrations set checksum = 'sha256:other'");
    const args = ["status", "--targets", `${prefix}*`];
    const { exitCode, stdout } = await cli([...args, "--exit-code"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`^${prefix}003 +pending +1 +1 migration and 1 file +001_a$`, "m"),
    );
    expect(stdout).toMatch(new RegExp(`^${prefix}004 +current +2 +002_b$`, "m"));
    expect(stdout).toMatch(new RegExp(`^${prefix}005 +disagrees `, "m"));
    expect(stdout).toContain(`"doramaflix-db status" for database "${prefix}005" alone`);
    const document = JSON.parse((await cli([...args, "--json"])).stdout) as unknown;
    expect(StatusTargetsResult.parse(document)).toEqual(document);
  });
});

describe("a list of databases", () => {
  const password = "not-to-be-shown";

  test("is a file with names, URLs, keyword strings and services, each database once", async () => {
    const { names } = await createDatabases(4);
    const [one = "", two = "", three = "", four = ""] = names;
    const { hostname, port, username, password: own } = new URL(inject("serverUrl"));
    await writeFiles(project, {
      "tenants.txt": [
        "# all of them",
        one,
        `  ${two}  `,
        "",
        urlOf({ database: three }),
        one,
        `host=${hostname} port=${port} user=${username} password=${own} dbname=${three}`,
        "service=four",
        `postgres://someone:${password}@127.0.0.1:1/nowhere`,
      ].join("\r\n"),
      "services.conf": `[four]\nhost=${hostname}\nport=${port}\nuser=${username}\npassword=${own}\ndbname=${four}\n`,
    });
    const result = await runCli(
      ["migrate", "--targets", "tenants.txt", "--json", "--url", inject("serverUrl")],
      { cwd: project, env: { PGSERVICEFILE: "services.conf" } },
    );
    const place = `${hostname}:${port}`;
    expect(result.exitCode).toBe(8);
    const document = documentOf(result);
    expect(states(document)).toEqual({
      [one]: "migrated",
      [two]: "migrated",
      [`${three} at ${place}`]: "migrated",
      [`${four} at ${place}`]: "migrated",
      "nowhere at 127.0.0.1:1": "failed",
    });
    expect(document.targets[4]?.error).toMatchObject({
      code: "CONNECTION_FAILED",
      hint: expect.stringContaining("tenants.txt:9") as string,
    });
    expect(result.stdout + result.stderr).not.toContain(password);
    expect(result.stdout + result.stderr).not.toContain(own);
  });

  test("is a query, whose canary may be given as an address", async () => {
    const { names } = await createDatabases(2);
    const query = `select datname from pg_database where datname in ('${names.join("', '")}') order by 1;`;
    const canary = urlOf({ database: names[1] ?? "" });
    const { exitCode, document } = await migrateJson(["--targets", query, "--canary", canary]);
    expect(exitCode).toBe(0);
    expect(document.targets.map(({ target }) => target)).toEqual(names.toReversed());
  });

  test("is a pattern, which matches whole names as they are", async () => {
    const { prefix, names } = await createDatabases(1);
    const strange = `${prefix}=a.b`;
    await inDatabase("postgres", `create database "${strange}"`);
    try {
      const all = await migrateJson(["--targets", `${prefix}*`, "--dry-run"]);
      expect(Object.keys(states(all.document)).toSorted()).toEqual([...names, strange].toSorted());
      expect(all.exitCode).toBe(0);
      const short = await cli(["migrate", "--targets", `${prefix.slice(0, -2)}?`]);
      expect(short).toMatchObject({ exitCode: 2 });
      expect(short.stderr).toContain("No database has a name like");
    } finally {
      await inDatabase("postgres", `drop database "${strange}" with (force)`);
    }
  });

  test("finds the password of each name in the password file", async () => {
    const { names } = await createDatabases(1);
    const { hostname, port, username, password: own } = new URL(inject("serverUrl"));
    const [name = ""] = names;
    await writeFiles(project, { "names.txt": name, pgpass: `*:*:${name}:*:${own}\n` });
    const file = join(project, "pgpass");
    const run = async (): Promise<CliResult> =>
      runCli(
        [
          "migrate",
          "--targets",
          "names.txt",
          "--url",
          `postgres://${username}@${hostname}:${port}/other`,
        ],
        { cwd: project, env: { PGPASSFILE: file } },
      );
    await chmod(file, 0o644);
    const refused = await run();
    expect(refused.exitCode).toBe(8);
    expect(refused.stderr.match(/^warning: .* is ignored/gm)).toHaveLength(1);
    await chmod(file, 0o600);
    const result = await run();
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
  });

  test("may name databases of the embedded server, which is started once and stopped", async () => {
    const folder = await createProject({
      "migrations/001_a.sql": migration("create table a (id int)"),
      "names.txt": "doramaflix\npostgres\n",
    });
    const result = await runCli(["migrate", "--targets", "names.txt", "--json"], { cwd: folder });
    const status = await runCli(["server", "status", "--json"], { cwd: folder });
    const server = JSON.parse(status.stdout) as { running: boolean; dataDirectory: string };
    await rm(dirname(server.dataDirectory), { recursive: true, force: true });
    expect(server.running).toBe(false);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(states(documentOf(result))).toEqual({ doramaflix: "migrated", postgres: "migrated" });
    expect(result.stderr.match(/Using the embedded server/g)).toHaveLength(1);
  });

  test.each([
    ["no file of this name exists", ["--targets", "tenants"]],
    ["no file of this name exists", ["--targets", `postgres://u:${password}@h/d?sslmode=disable`]],
    ["no file of this name exists", ["--targets", `u:${password}@h/*`]],
    ["names no database", ["--targets", "empty.txt"]],
    ["neither a PostgreSQL URL nor a keyword string", ["--targets", "wrong.txt"]],
    ['"wrong.txt:2"', ["--targets", "wrong.txt"]],
    ["returns no row", ["--targets", "select 'a' where false"]],
    ["one column of texts", ["--targets", "select 1"]],
    ["one column of texts", ["--targets", "values ('a', 'b')"]],
    ["one column of texts", ["--targets", "values (null::text)"]],
    [
      "cannot execute CREATE TABLE in a read-only",
      ["--targets", "with a as (select 1) select 'a' from a; create table never (a int)"],
    ],
    ['relation "tenants" does not exist', ["--targets", "table tenants"]],
    ["is not among the databases", ["--targets", "values ('a')", "--canary", "b"]],
    ["--jobs takes a whole number from 1 to 100", ["--targets", "values ('a')", "--jobs", "0"]],
    ["--max-failures takes a whole number", ["--targets", "values ('a')", "--max-failures", "x"]],
    ["--jobs is for several databases", ["--jobs", "2"]],
    ["--canary is for several databases", ["--canary", "a"]],
  ])("is refused, with %s, for %j", async (text, args) => {
    await writeFiles(project, {
      "empty.txt": "# none\n\n",
      "wrong.txt": `a\nu:${password}@h:5432/d\n`,
    });
    const { exitCode, stdout, stderr } = await cli(["migrate", ...args]);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(text);
    expect(stderr).not.toContain(password);
  });

  test("is not looked at where the project cannot be read", async () => {
    const folder = await createProject({ "migrations/001_a.sql": "select 1" });
    for (const command of ["migrate", "status"]) {
      const { exitCode, stderr } = await cli([command, "--targets", "values ('a')"], folder);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
      expect(stderr).toContain("MIGRATION_FILE_INVALID");
    }
  });
});

describe("runs", () => {
  test("that meet in the same databases apply everything once", async () => {
    const { prefix, names } = await createDatabases(6);
    const runs = await Promise.all(
      [1, 2].map(async () => migrateJson(["--targets", `${prefix}*`, "--jobs", "3"])),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const migrated = runs.flatMap(({ document }) =>
      document.targets.filter(({ state }) => state === "migrated").map(({ target }) => target),
    );
    expect(migrated.toSorted()).toEqual(names);
    expect(
      await inDatabase(`${prefix}001`, "select count(*)::int as applied from migration_events"),
    ).toEqual([{ applied: 2 }]);
  });

  test("show what a migration says with the database's name before it, and no single migration", async () => {
    const { prefix } = await createDatabases(1);
    const folder = await createProject({
      "migrations/001_a.sql": migration("do $$ begin raise notice 'hello'; end $$"),
    });
    const { stderr } = await cli(["migrate", "--targets", `${prefix}*`], folder);
    expect(stderr).toMatch(
      new RegExp(`^${prefix}001: notice: hello\n1/1 ${prefix}001: 1 migration, [\\d.]+ m?s\n$`),
    );
  });

  test("that are interrupted cancel what is at work, begin nothing more, and go on later", async () => {
    const { prefix } = await createDatabases(4);
    const folder = await createProject({
      "migrations/001_a.sql": migration(`select pg_sleep(
        case when current_database() in ('${prefix}002', '${prefix}003') then 60 else 0 end)`),
    });
    const observer = openSession(inject("serverUrl"));
    const args = ["migrate", "--targets", `${prefix}*`, "--jobs", "2", "--json"];
    const { child, result } = startCli([...args, "--url", inject("serverUrl")], { cwd: folder });
    await untilActive(observer, `${prefix}002`, "%001_a");
    await untilActive(observer, `${prefix}003`, "%001_a");
    child.kill("SIGINT");
    const ended = await result;
    expect(ended.exitCode).toBe(130);
    const document = documentOf(ended);
    expect(Object.values(states(document))).toEqual(["migrated", "failed", "failed", "not run"]);
    expect(document.targets[1]?.error).toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
    await vi.waitUntil(async () => {
      const rows = await observer`
        select from pg_stat_activity where datname = ${`${prefix}002`} and application_name like 'doramaflix-db%'`;
      return rows.length === 0;
    }, 30_000);

    await writeFiles(folder, { "migrations/001_a.sql": migration("select 1") });
    await inDatabase(`${prefix}001`, "delete from schema_migrations");
    expect((await migrateJson(["--targets", `${prefix}*`], folder)).exitCode).toBe(0);
  });
});
