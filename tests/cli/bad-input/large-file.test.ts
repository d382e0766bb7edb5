import { expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { createDatabase } from "../../support/database.ts";
import { createProject } from "../../support/project.ts";
import { refusedWithHint, withoutChange } from "./refusals.ts";

const megabytes = 10;
const row = `insert into large values ('드라마 😀', '${"x".repeat(2000)}');\n`;
const rows = Math.ceil((megabytes * 1024 * 1024) / Buffer.byteLength(row));
const up = `-- migrate:up\ncreate table large (title text, filler text);\n${row.repeat(rows)}`;
const down = "-- migrate:down\ndrop table large;\n";

test("a migration of 10 MB is applied; with an error on its last line it is refused in a few seconds", async () => {
  const { url, sql } = await createDatabase();
  const wrong = `-- migrate:up\nselect 1;\n${row.repeat(rows)}select '드라마 😀' frm large x;\n${down}`;
  const project = await createProject({ "migrations/001_large.sql": wrong });
  const args = ["migrate", "--url", url, "--project", project];
  const began = performance.now();
  const { exitCode, error } = await withoutChange(sql, async () => refusedWithHint(...args));
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({
    code: "MIGRATION_SYNTAX",
    message: 'Syntax error at or near "large".',
    location: { line: rows + 3, column: 20, text: "select '드라마 😀' frm large x;" },
  });

  const right = await createProject({ "migrations/001_large.sql": up + down });
  expect(await runCli(["migrate", "--url", url, "--project", right])).toMatchObject({
    exitCode: 0,
  });
  expect(await sql`select count(*)::int from large`).toMatchObject([{ count: rows }]);
});

test("a string without end is shown in one line, however much follows it", async () => {
  const { url } = await createDatabase();
  const text = `-- migrate:up\nselect 'it;\n${"x".repeat(megabytes * 1024 * 1024)}\n${down}`;
  const project = await createProject({ "migrations/001_large.sql": text });
  const { exitCode, error, stderr } = await refusedWithHint(
    "migrate",
    "--url",
    url,
    "--project",
    project,
  );
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({ code: "MIGRATION_SYNTAX", location: { line: 2, column: 8 } });
  expect(stderr.length).toBeLessThan(1000);
});
