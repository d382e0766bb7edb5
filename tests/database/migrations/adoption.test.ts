import { describe, expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { createDatabase } from "../../support/database.ts";
import { createProject, migration } from "../../support/project.ts";

const identifiers = [
  "serial primary key",
  "uuid primary key default gen_random_uuid()",
  "bigint generated always as identity primary key",
];

describe.each(identifiers)("an older schema_migrations with id %s", (id) => {
  test("is adopted without losing a row, and its checksums never count as changed", async () => {
    const { url, sql } = await createDatabase();
    await sql.unsafe(`
      create table schema_migrations (
        id ${id}, version varchar(255) unique not null, description text,
        applied_at timestamptz default now(), rollback_sql text, checksum varchar(64)
      );
      insert into schema_migrations (version, description, applied_at, checksum) values
        ('002_second', 'Second', '2025-02-01', repeat('b', 64)),
        ('001_first', 'First', '2025-01-01', repeat('a', 64));
    `);
    const before = await sql.unsafe(
      "select id, version, description, applied_at, rollback_sql, checksum from schema_migrations order by version",
    );
    const project = await createProject({
      "migrations/001_first.sql": migration("select 1"),
      "migrations/002_second.sql": migration("select 2"),
      "migrations/003_third.sql": migration("create table third (id int)", "drop table third"),
    });
    const status = await runCli(["status", "--json", "--url", url, "--project", project]);
    expect(JSON.parse(status.stdout)).toMatchObject({
      engine: "absent",
      migrations: [{ state: "applied" }, { state: "applied" }, { state: "pending" }],
    });
    const run = await runCli(["migrate", "--url", url, "--project", project]);
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Applied 1 migration") as string,
    });
    const after = await sql.unsafe(
      "select id, version, description, applied_at, rollback_sql, checksum from schema_migrations where version < '003' order by version",
    );
    expect(after).toEqual(before);
    const order = await sql.unsafe(
      "select version, applied_by is null as older from schema_migrations order by applied_order",
    );
    expect(order).toMatchObject([
      { version: "001_first", older: true },
      { version: "002_second", older: true },
      { version: "003_third", older: false },
    ]);
    const again = await runCli(["migrate", "--url", url, "--project", project]);
    expect(again.stdout).toContain("Nothing is pending");
    expect((await runCli(["rollback", "--url", url, "--project", project])).exitCode).toBe(0);
  });
});

test("a table of another tool is refused and left alone", async () => {
  const { url, sql } = await createDatabase();
  await sql.unsafe("create table schema_migrations (version varchar(255) primary key)");
  await sql.unsafe("insert into schema_migrations values ('20250101')");
  const project = await createProject({ "migrations/001_first.sql": migration("select 1") });
  const { exitCode, stdout } = await runCli([
    "migrate",
    "--json",
    "--url",
    url,
    "--project",
    project,
  ]);
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "LEDGER_FOREIGN" } });
  expect(await sql.unsafe("select * from schema_migrations")).toEqual([{ version: "20250101" }]);
});
