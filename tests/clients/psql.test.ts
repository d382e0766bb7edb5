import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase, createDatabaseWithEngine } from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";
import { runPsql } from "../support/psql.ts";
import { isMissing } from "../support/requirements.ts";

describe.skipIf(isMissing("psql"))("with psql", () => {
  test("the documented calls return t and f, and a script of them ends with 0", async () => {
    const { url } = await createDatabaseWithEngine();
    const script = `
      SELECT migration_applied('001_first');
      SELECT apply_migration('001_first', 'First', 'drop table first', 'create table first (id int)');
      SELECT apply_migration('001_first', 'First');
      SELECT migration_applied('001_first');
      SELECT version, description, reversible FROM get_migration_status();
      SELECT rollback_migration('001_first');
      SELECT migration_applied('001_first');
      SELECT to_regclass('first') IS NULL;`;
    expect(runPsql(url, { input: script })).toEqual({
      exitCode: 0,
      stdout: "f\nt\nf\nt\n001_first|First|t\nt\nf\nt\n",
      stderr: "",
    });
  });

  const applied = `
    SELECT apply_migration('001_a', null, 'select 1', 'create table a (id int)', 'sha256:a');
    SELECT apply_migration('002_b', 'no rollback');`;

  test.each([
    [
      "DF001",
      "SELECT apply_migration('001_a', null, null, 'select 2', 'sha256:b')",
      "is applied already, from another text",
    ],
    ["DF002", "SELECT rollback_migration('001_a')", 'Migration "001_a" is not the newest.'],
    ["DF003", "SELECT rollback_migration('002_b')", 'Migration "002_b" has no rollback SQL.'],
    ["DF004", "SELECT rollback_migration('003_c')", 'Migration "003_c" is not applied.'],
    ["DF008", "DELETE FROM migration_events", "is append-only"],
  ])(
    "%s ends a script with 3 and is shown with its sentence and a hint",
    async (code, call, sentence) => {
      const { url, sql } = await createDatabaseWithEngine();
      const input = `${applied}\n${call};\nCREATE TABLE after_the_error ();`;
      const { exitCode, stdout, stderr } = runPsql(url, { input });
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "t\nt\n" });
      expect(stderr).toContain(`ERROR:  ${code}: `);
      expect(stderr).toContain(sentence);
      expect(stderr).toMatch(/^HINT:  \w+/m);
      expect(await sql`select to_regclass('after_the_error') as after`).toEqual([{ after: null }]);
      // One statement on the command line, as in a cron job.
      expect(runPsql(url, { args: ["--command", call] })).toMatchObject({ exitCode: 1 });
      expect(await sql`select version from schema_migrations order by version`).toEqual([
        { version: "001_a" },
        { version: "002_b" },
      ]);
    },
  );

  test("a script with psql's own commands that ends with apply_migration counts as applied for the tool", async () => {
    const { url, sql } = await createDatabase();
    const project = await createProject({
      "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
      "load.sql":
        "\\set number 42\ncreate table second (id integer);\n\\copy second from stdin\n1\n2\n\\.\n" +
        "insert into second values (:number);\nSELECT apply_migration('002_second', 'Loaded by hand');\n",
    });
    const args = ["--url", url, "--project", project];
    expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
    expect(
      runPsql(url, { args: ["--single-transaction", "--file", `${project}/load.sql`] }),
    ).toEqual({ exitCode: 0, stdout: "t\n", stderr: "" });
    expect(await sql`select id from second order by id`).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 42 },
    ]);

    // Its file is written afterwards, so that other databases get the same.
    await writeFiles(project, {
      "migrations/002_second.sql":
        "-- migrate:up\ncreate table second (id integer);\ninsert into second values (1), (2), (42);\n" +
        "-- migrate:down\ndrop table second;\n",
    });
    const status = await runCli(["status", "--json", "--exit-code", ...args]);
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      migrations: [
        { version: "001_first", state: "applied" },
        { version: "002_second", state: "applied" },
      ],
    });
    expect(await runCli(["migrate", ...args])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Nothing is pending") as string,
    });
    const rollback = await runCli(["rollback", "--json", ...args]);
    expect(rollback.exitCode).toBe(7);
    expect(JSON.parse(rollback.stdout)).toMatchObject({
      error: { code: "MIGRATION_IRREVERSIBLE" },
    });
  });

  test("what the tool applied is rolled back by psql, and pending again for the tool", async () => {
    const { url, sql } = await createDatabase();
    const project = await createProject({
      "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
    });
    const args = ["--url", url, "--project", project];
    expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
    expect(runPsql(url, { input: "SELECT rollback_migration('001_first')" })).toEqual({
      exitCode: 0,
      stdout: "t\n",
      stderr: "",
    });
    expect(await sql`select to_regclass('first') as first`).toEqual([{ first: null }]);
    const status = await runCli(["status", "--exit-code", "--json", ...args]);
    expect(status.exitCode).toBe(1);
    expect(JSON.parse(status.stdout)).toMatchObject({ migrations: [{ state: "pending" }] });
  });

  test("psql gets in with the address that the tool is given, and shows the notices of a run", async () => {
    const { url } = await createDatabaseWithEngine();
    const call = `CALL apply_migrations('[{"version": "001_a", "statements": ["create table a (id int)"]}]')`;
    const { exitCode, stderr } = runPsql(url, { args: ["--command", call] });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("NOTICE:  DF100: ");
    expect(stderr).toContain("NOTICE:  DF101: ");
    expect(stderr).toContain("DETAIL:  001_a");
  });
});
