import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";
import { refusedWithHint } from "./bad-input/refusals.ts";

test("new writes a file that migrate asks to be filled in", async () => {
  const { url } = await createDatabase();
  const project = await createProject({ "migrations/001_first.sql": migration("select 1") });
  const path = `${project}/migrations/002_add_ratings_to_courses.sql`;

  const written = await runCli(["new", "Add ratings to courses", "--project", project]);
  expect(written).toMatchObject({ exitCode: 0, stdout: `Wrote ${path}\n`, stderr: "" });
  expect(await readFile(path, "utf8")).toMatch(/^-- migrate:up\n[^]*^-- migrate:down\n/m);

  const { exitCode, error } = await refusedWithHint("migrate", "--url", url, "--project", project);
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({
    code: "MIGRATION_FILE_INVALID",
    message: 'There is no statement after "-- migrate:up".',
  });
});

test("new begins a project where there is none", async () => {
  const project = await createProject({ "README.md": "" });
  const { exitCode, stdout } = await runCli(["new", "first", "--project", project, "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    version: "001_first",
    path: `${project}/migrations/001_first.sql`,
  });
});

test("a name without letters is refused", async () => {
  const project = await createProject({ "README.md": "" });
  const { exitCode, error } = await refusedWithHint("new", "드라마", "--project", project);
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({
    code: "USAGE",
    message: '"드라마" gives no name for a migration.',
  });
});
