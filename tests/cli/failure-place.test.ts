import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { createProject } from "../support/project.ts";

test("an error without a position is shown at the statement in which it happened", async () => {
  const { url } = await createDatabase();
  const project = await createProject({
    "migrations/001_a.sql":
      "-- migrate:up\n" +
      "create table a (id int primary key); -- 🎬\n" +
      "insert into a values (1);\n\n" +
      "-- The same again: /* 불시착 */\n" +
      "  insert into a values (1);\n" +
      "insert into a values (2);\n" +
      "-- migrate:down\ndrop table a;\n",
  });
  const run = await runCli(["migrate", "--url", url, "--project", project]);
  expect(run.exitCode).toBe(4);
  expect(run.stderr).toContain(
    "at migrations/001_a.sql:6:3\n  6 |   insert into a values (1);\n    |   ^\n",
  );
});

test("a statement that stands twice is shown where it failed", async () => {
  const { url } = await createDatabase();
  const project = await createProject({
    "migrations/001_a.sql":
      "-- migrate:up\ncreate table a (id int);\nselect id from a;\n" +
      "alter table a rename id to number;\nselect id from a;\n-- migrate:irreversible it is a test\n",
  });
  const run = await runCli(["migrate", "--url", url, "--project", project]);
  expect(run.stderr).toContain("at migrations/001_a.sql:5:8");
});
