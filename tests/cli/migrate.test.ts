import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";

test("a second migrate finds nothing pending and changes nothing", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
  });
  const first = await runCli(["migrate", "--url", url, "--project", project]);
  expect(first).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Applied 1 migration") as string,
  });
  const before = await sql.unsafe("select * from migration_events");
  const second = await runCli(["migrate", "--url", url, "--project", project]);
  expect(second).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Nothing is pending") as string,
    stderr: "",
  });
  expect(await sql.unsafe("select * from migration_events")).toEqual(before);
});
