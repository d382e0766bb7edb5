import { expect, test } from "vitest";
import { toolVersion } from "../../../src/core/tool-version.ts";
import { catalogFingerprint } from "../../support/catalog-fingerprint.ts";
import { runCli } from "../../support/cli.ts";
import { createDatabaseWithEngine, createRole, urlOf } from "../../support/database.ts";
import { createProject, migration } from "../../support/project.ts";

test("an engine of another version is upgraded, loses functions that it no longer has, and keeps every row", async () => {
  const { url, sql } = await createDatabaseWithEngine();
  const before = await catalogFingerprint(sql);
  await sql.unsafe("select apply_migration('001_a', 'A', 'select 1', 'select 1', 'sha256:a')");
  const ledger = await sql.unsafe("select * from schema_migrations");
  // What an older version could have left: a function that is gone, one with another signature, and one whose
  // parameter has another name, which cannot be replaced.
  await sql.unsafe(`
    create function public.retired_function(a int) returns int language sql as 'select a';
    create function public.migration_applied(version text, strict_order boolean) returns boolean language sql as 'select true';
    drop function public.set_session(jsonb);
    create function public.set_session(other jsonb) returns integer language sql as 'select 1';
    update public.schema_engine
    set hash = 'older', routines = routines || array['public.retired_function(integer)', 'public.migration_applied(text,boolean)'];
  `);
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  await sql.unsafe("update schema_migrations set checksum = repeat('0', 64)");
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  expect(await catalogFingerprint(sql)).toEqual(before);
  expect(await sql.unsafe("select version, applied_at from schema_migrations")).toEqual(
    ledger.map(({ version, applied_at }) => ({ version, applied_at })),
  );
});

test("a trial that upgrades the engine within its transaction finds every function", async () => {
  const { url, sql } = await createDatabaseWithEngine();
  await sql.unsafe("update public.schema_engine set hash = 'older'");
  const before = await catalogFingerprint(sql);
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  const { exitCode, stderr } = await runCli(["migrate", "--dry-run", "--execute", "--url", url], {
    cwd: project,
  });
  expect(exitCode, stderr).toBe(0);
  expect(await catalogFingerprint(sql)).toEqual(before);
});

test("an engine of a newer version of the tool is left as it is, and the older tool says which one to use", async () => {
  const { url, sql } = await createDatabaseWithEngine();
  await sql.unsafe(
    "update public.schema_engine set hash = 'newer', tool_version = '10.0.0-beta.1'",
  );
  const before = await catalogFingerprint(sql);
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  const { exitCode, stdout } = await runCli([
    "migrate",
    "--json",
    "--url",
    url,
    "--project",
    project,
  ]);
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "ENGINE_NEWER", hint: "Use version 10.0.0-beta.1 or a newer one." },
  });
  expect(await catalogFingerprint(sql)).toEqual(before);
  expect(await sql`select from schema_migrations`).toEqual([]);
});

test.each([null, "0.0.9", `${toolVersion()}-beta.2`])(
  "an engine of version %s is replaced",
  async (version) => {
    const { url, sql } = await createDatabaseWithEngine();
    await sql`update public.schema_engine set hash = 'older', tool_version = ${version}`;
    const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
    const result = await runCli(["migrate", "--url", url, "--project", project]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(await sql`select tool_version from schema_engine`).toEqual([
      { tool_version: toolVersion() },
    ]);
  },
);

test("a role that does not own the engine cannot upgrade it, and is told so", async () => {
  const { name, sql } = await createDatabaseWithEngine();
  await sql.unsafe("update public.schema_engine set hash = 'older'");
  const role = await createRole();
  await sql.unsafe(
    `grant create on schema public to ${role}; grant select, insert, update on all tables in schema public to ${role}`,
  );
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  const url = urlOf({ database: name, user: role, password: "secret" });
  const { exitCode, stdout } = await runCli([
    "migrate",
    "--json",
    "--url",
    url,
    "--project",
    project,
  ]);
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: "SERVER_REFUSED",
      sqlState: "42501",
      hint: expect.stringContaining("owner") as string,
    },
  });
  await sql.unsafe(`drop owned by ${role}`);
});

test("a time limit on statements of the role does not cancel a batch that takes longer", async () => {
  const { url, name, sql } = await createDatabaseWithEngine();
  await sql.unsafe(`alter database ${name} set statement_timeout = '400ms'`);
  const project = await createProject({
    "migrations/001_a.sql": migration("select pg_sleep(0.3)"),
    "migrations/002_b.sql": migration("select pg_sleep(0.3)"),
    "functions/f.sql": "create or replace function f() returns int language sql as 'select 1';",
  });
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
});
