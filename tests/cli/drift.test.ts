import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, createRole, urlOf } from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

// Each run of drift and of snapshot-schema starts a server.
vi.setConfig({ testTimeout: 300_000 });

const major = process.env["TEST_POSTGRES"] ?? "18";

const files = {
  "migrations/001_a.sql": migration(
    "create table a (id int primary key, name text);\n" +
      "create table visit (day date not null, note text) partition by range (day);\n" +
      "create index on visit (note);\n" +
      "insert into partition_policies (parent, granularity, ahead) values ('visit', 'monthly', 1)",
  ),
  "functions/one.sql": "create or replace function one() returns int language sql as 'select 1';\n",
  "views/names.sql": "create or replace view names as select name from a;\n",
};

test("a database that was migrated has no drift; what was changed by hand since is shown with who did it", async () => {
  const { url, sql, name } = await createDatabase();
  const project = await createProject(files);
  const run = async (...words: string[]): Promise<CliResult> =>
    runCli([...words, "--url", url, "--project", project]);
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  expect(await run("record-ddl")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("from now on") as string,
  });
  expect(await run("drift")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("No drift: ") as string,
  });
  const role = await createRole();
  // What a role may that is no superuser, and has nothing to do with the tool.
  await sql.unsafe(`grant create on schema public to ${role}; alter table a owner to ${role}`);
  await sql.unsafe(`
    set application_name = 'by hand';
    set role ${role};
    alter table a add column extra int;
    reset role;
    drop view names;
    create table visit_old partition of visit for values from ('2001-01-01') to ('2001-02-01');
  `);
  const [partition] = await sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('visit') where level = 1 limit 1`;
  await sql.unsafe(`create index by_hand on ${partition?.name ?? ""} (day)`);
  const { exitCode, stdout } = await run("drift", "--json");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    isRecorded: true,
    pending: [],
    differences: [
      { change: "extra", kind: "index", name: "public.by_hand" },
      { change: "changed", kind: "schema", name: "public" },
      {
        change: "changed",
        kind: "table",
        name: "public.a",
        diff: expect.stringContaining("+    extra integer") as string,
        events: [{ command: "ALTER TABLE", application: "by hand" }, {}],
      },
      {
        change: "missing",
        kind: "view",
        name: "public.names",
        actual: null,
        events: [{ command: "DROP VIEW", application: "by hand" }],
      },
    ],
  });
  const section = ["check", "--only", "drift", "--postgres", major];
  const ignored = ["--ignore", "by_hand", "schema *", "gone_*"];
  expect(JSON.parse((await run(...section, ...ignored, "--json")).stdout)).toMatchObject({
    sections: [{ name: "drift", notRun: null, note: expect.stringContaining(name) as string }],
    findings: [
      {
        rule: "drift-changed",
        level: "error",
        object: "table public.a",
        message: expect.stringMatching(
          /ALTER TABLE by ".*" with by hand[^]*\n\+ {4}extra integer/,
        ) as string,
      },
      { rule: "drift-missing", object: "view public.names" },
    ],
  });
  expect(await run("drift", ...ignored, "a", "names")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(
      /by_hand: 1 difference\n.*schema \*: 1 difference\n.*gone_\*: nothing, take it out\n/,
    ) as string,
  });
  await writeFiles(project, { "migrations/002_b.sql": migration("create table b (id int)") });
  // What a migration of a pull request makes is no error, although the database lacks it.
  const pending = await run(...section);
  expect(pending).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("1 migration of the files") as string,
  });
  expect(pending.stdout).toContain("drift-missing");
  const text = (await run("drift")).stdout;
  expect(text).toContain("1 migration of the project");
  expect(text).toContain("Found 5 differences (2 missing, 1 extra, 2 changed)");
  expect(text).toMatch(/UTC: DROP VIEW by ".*" with by hand from 127\.0\.0\.1/);
  await sql.unsafe(`drop owned by ${role}`);
});

test("a migration that makes a role, or renames one, finds the role missing on the other server", async () => {
  const { url, sql, name } = await createDatabase();
  const [made, renamed] = [await createRole(), await createRole()];
  await sql.unsafe(`drop role ${made}, ${renamed}`);
  const project = await createProject({
    "migrations/001_a.sql": migration(
      `create table a (id int); create role ${made}; grant select on a to ${made};
      create user ${renamed}_old; alter role ${renamed}_old rename to ${renamed};
      grant insert on a to ${renamed}`,
    ),
  });
  const run = async (...words: string[]): Promise<CliResult> =>
    runCli([...words, "--url", url, "--project", project]);
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  // Somebody who only reads is told what that takes.
  const user = await createRole();
  const reader = ["drift", "--url", urlOf({ database: name, user, password: "secret" })];
  const refused = await runCli([...reader, "--project", project]);
  expect(refused).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("SERVER_REFUSED, SQLSTATE 42501") as string,
  });
  await sql.unsafe(/GRANT .*;/.exec(refused.stderr)?.[0] ?? "");
  expect(await runCli([...reader, "--project", project])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("No drift: ") as string,
  });
  await sql.unsafe(`drop owned by ${user}, ${made}, ${renamed}; drop role ${made}, ${renamed}`);
});

test("only a superuser has changes of the schema recorded, and is told the call", async () => {
  const { url, name, sql } = await createDatabase();
  const project = await createProject(files);
  const missing = await runCli(["record-ddl", "--url", url, "--json"]);
  expect(missing.exitCode).toBe(3);
  expect(missing.stdout).toContain("ENGINE_MISSING");
  await runCli(["migrate", "--url", url, "--project", project]);
  const role = await createRole();
  const own = urlOf({ database: name, user: role, password: "secret" });
  await sql.unsafe(`grant execute on function set_ddl_recording(boolean) to ${role}`);
  const { exitCode, stderr } = await runCli(["record-ddl", "--url", own]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain("SELECT public.set_ddl_recording(true)");
  await sql.unsafe(`drop owned by ${role}`);
});

test("the snapshot is written once, is found stale when a migration is added, and makes the schema again", async () => {
  const project = await createProject(files);
  const run = async (...words: string[]): Promise<CliResult> =>
    runCli(["snapshot-schema", ...words, "--project", project]);
  const path = join(project, "schema.sql");
  expect(await run("--check")).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining("Absent") as string,
  });
  expect(await run()).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Wrote") as string,
  });
  const text = await readFile(path, "utf8");
  expect(text).toContain("CREATE TABLE public.visit");
  // Nothing of the tool, and no month.
  expect(text).not.toMatch(/schema_migrations|PARTITION OF/);
  await writeFiles(project, { "migrations/002_b.sql": migration("create table b (id int)") });
  const stale = await run("--check");
  expect(stale.exitCode).toBe(1);
  expect(stale.stdout).toContain("+CREATE TABLE public.b (");
  expect(await readFile(path, "utf8")).toBe(text);
  const { sql, url } = await createDatabase();
  await sql.unsafe(text);
  const output = join(project, "live.sql");
  const live = await run("--from-database", "--url", url, "--output", output);
  expect(live.exitCode).toBe(0);
  expect(bodyOf(await readFile(output, "utf8"))).toBe(bodyOf(text));
});

/** The first line names the major version of the server, which differs. */
function bodyOf(text: string): string {
  return text.slice(text.indexOf("\n"));
}
