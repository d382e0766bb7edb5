import { randomBytes } from "node:crypto";
import type postgres from "postgres";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/core/package-root.ts";
import { runCli, type CliResult } from "../../support/cli.ts";
import { createDatabase, openSession } from "../../support/database.ts";
import { startThrowawayServer } from "../../support/throwaway-server.ts";

const roles = ["doramaflix_app", "doramaflix_owner", "doramaflix_readonly"];

async function cli(url: string, ...args: string[]): Promise<CliResult> {
  return runCli([...args, "--url", url, "--project", packageRoot]);
}

async function succeed(url: string, ...args: string[]): Promise<CliResult> {
  const result = await cli(url, ...args);
  expect(result, result.stderr).toMatchObject({ exitCode: 0 });
  return result;
}

async function existingRoles(sql: postgres.Sql): Promise<unknown[]> {
  const query = "select rolname::text from pg_roles where rolname like 'doramaflix\\_%' order by 1";
  return (await sql.unsafe(query).values()).flat();
}

/** Creates a login that owns a database of its own and has no other rights; returns the address of both. */
async function createRunner(superuser: postgres.Sql, server: string, options = ""): Promise<URL> {
  const name = `runner_${randomBytes(6).toString("hex")}`;
  await superuser.unsafe(`create role ${name} login ${options}`);
  await superuser.unsafe(`create database ${name} owner ${name}`);
  const url = new URL(server);
  url.username = name;
  url.pathname = `/${name}`;
  return url;
}

/** Returns the SQL that the last hint of an error names. */
function statementsOf({ stderr }: CliResult): string {
  const [, statements] = /run.*?: ((?:CREATE ROLE|GRANT) .*)$/m.exec(stderr) ?? [];
  expect(statements, stderr).toBeDefined();
  return statements ?? "";
}

test("a runner that may not create roles is told what to run, and then migrates a database that it owns", async () => {
  const server = await startThrowawayServer();
  const superuser = openSession(server.url);
  const runner = await createRunner(superuser, server.url);

  const refusedRoles = await cli(runner.href, "migrate");
  expect(refusedRoles).toMatchObject({ exitCode: 4 });
  expect(refusedRoles.stderr).toContain(`may not create the role "doramaflix_app"`);
  expect(await existingRoles(superuser)).toEqual([]);
  await superuser.unsafe(statementsOf(refusedRoles));
  expect(await existingRoles(superuser)).toEqual(roles);

  const migrated = await succeed(runner.href, "migrate");
  expect(migrated.stderr).toContain("pg_stat_statements was left out");
  await succeed(runner.href, "rollback", "--steps", "5");
  await succeed(runner.href, "migrate");
  expect(await existingRoles(superuser)).toEqual(roles);

  const newcomer = await createRunner(superuser, server.url);
  const refusedMembership = await cli(newcomer.href, "migrate");
  expect(refusedMembership).toMatchObject({ exitCode: 4 });
  expect(refusedMembership.stderr).toContain(`lacks the rights of "doramaflix_owner"`);
  await superuser.unsafe(statementsOf(refusedMembership));
  await succeed(newcomer.href, "migrate");

  // Several logins take the role of the owner, and each goes on where another one stopped.
  await superuser.unsafe("create database together owner doramaflix_owner");
  for (const { href, username } of [runner, newcomer]) {
    await superuser.unsafe(
      `alter role ${username} in database together set role = doramaflix_owner`,
    );
    const together = new URL(href);
    together.pathname = "/together";
    await succeed(together.href, "migrate");
    await succeed(together.href, "rollback", "--steps", "2");
  }
});

test("a runner that may create roles needs nobody, and two of them do not disturb each other", async () => {
  const server = await startThrowawayServer();
  const superuser = openSession(server.url);
  const runner = await createRunner(superuser, server.url, "createrole");
  await succeed(runner.href, "migrate");
  await succeed(runner.href, "rollback", "--steps", "5");
  expect(
    await superuser
      .unsafe(`
        select rolname::text, rolcanlogin, rolsuper, rolcreaterole, rolbypassrls, rolpassword
        from pg_authid where rolname like 'doramaflix\\_%' order by rolname`)
      .values(),
  ).toEqual(roles.map((role) => [role, false, false, false, false, null]));

  await superuser.unsafe(`drop role ${roles.join(", ")}`);
  const both = [
    await createRunner(superuser, server.url, "superuser"),
    await createRunner(superuser, server.url, "superuser"),
  ];
  await Promise.all(both.map(async ({ href }) => succeed(href, "migrate")));
  expect(await existingRoles(superuser)).toEqual(roles);
});

test("an extension that was there before survives the rollback, also in a schema of its own", async () => {
  const { sql, url } = await createDatabase();
  const query = `
    select extname::text, extnamespace::regnamespace::text from pg_extension
    where extname <> 'plpgsql' order by extname`;
  await sql.unsafe("create schema extensions");
  await sql.unsafe("create extension unaccent schema extensions");
  await sql.unsafe("create extension pg_trgm");
  const before = await sql.unsafe(query).values();
  await succeed(url, "migrate");
  expect(await sql.unsafe(query).values()).toHaveLength(5);
  expect(await sql.unsafe("select search_text('São') as text")).toEqual([{ text: "sao" }]);
  await succeed(url, "rollback", "--steps", "5");
  expect(await sql.unsafe(query).values()).toEqual(before);
});
